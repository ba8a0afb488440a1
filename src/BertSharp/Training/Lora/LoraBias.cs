namespace BertSharp;

/// <summary>Which biases are trained beside the low-rank matrices (PEFT's <c>bias</c>).</summary>
public enum LoraBias
{
    /// <summary>None.</summary>
    None,

    /// <summary>All biases of the model.</summary>
    All,

    /// <summary>Those of the layers that have low-rank matrices.</summary>
    LoraOnly,
}
