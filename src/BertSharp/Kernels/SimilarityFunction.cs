namespace BertSharp;

/// <summary>How two vectors are compared; greater is always more alike, so distances are negative.</summary>
public enum SimilarityFunction
{
    /// <summary>a·b / (|a|·|b|).</summary>
    Cosine,

    /// <summary>a·b.</summary>
    Dot,

    /// <summary>−√Σ (aᵢ − bᵢ)².</summary>
    Euclidean,

    /// <summary>−Σ |aᵢ − bᵢ|.</summary>
    Manhattan,
}
