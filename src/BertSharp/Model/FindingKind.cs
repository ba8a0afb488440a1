namespace BertSharp;

/// <summary>How a checkpoint differs from what its configuration asks for.</summary>
public enum FindingKind
{
    /// <summary>A parameter is not in the file: the model cannot be loaded.</summary>
    Missing,

    /// <summary>The shape is another: the model cannot be loaded.</summary>
    WrongShape,

    /// <summary>The element type is neither a float nor int8 with scales: the model cannot be loaded.</summary>
    WrongType,

    /// <summary>The file holds a tensor that the model does not have; loading passes over it.</summary>
    Unexpected,

    /// <summary>A tensor that is another one under a second name (decoder and word embeddings, the decoder's bias and the head's).</summary>
    Tied,

    /// <summary>The LayerNorm parameter has its first name, gamma or beta.</summary>
    Legacy,

    /// <summary>A buffer (position_ids), not a parameter; loading passes over it.</summary>
    Buffer,
}
