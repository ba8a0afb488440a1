namespace BertSharp;

/// <summary>How an index keeps its vectors.</summary>
public enum IndexPrecision
{
    /// <summary>Four bytes a dimension; scores are exact.</summary>
    Float32,

    /// <summary>A byte a dimension and four a vector.</summary>
    Int8,

    /// <summary>
    /// A bit a dimension, which a search reads for all vectors, and a byte a dimension, with which it orders the nearest:
    /// an eighth more memory than <see cref="Int8"/>, an eighth of the time.
    /// </summary>
    Binary,
}
