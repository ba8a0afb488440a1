namespace BertSharp;

/// <summary>How the learning rate goes after the warm-up, which rises from 0 in a straight line.</summary>
public enum ScheduleKind
{
    /// <summary>Falls to 0 in a straight line.</summary>
    Linear,

    /// <summary>Falls to 0 along half a cosine.</summary>
    Cosine,

    /// <summary>Stays.</summary>
    Constant,

    /// <summary>Stays, then falls to 0 in a straight line over the last steps (<see cref="TrainingOptions.Decay"/>).</summary>
    WarmupStableDecay,
}
