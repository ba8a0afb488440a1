namespace BertSharp;

/// <summary>Why training has ended.</summary>
public enum TrainingEnd
{
    /// <summary>All steps are done.</summary>
    Finished,

    /// <summary>Validations got no better for as long as patience says.</summary>
    EarlyStopped,

    /// <summary>It was cancelled; the run can be resumed.</summary>
    Cancelled,
}
