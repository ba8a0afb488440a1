namespace BertSharp;

/// <summary>Examples of pretraining as a model takes them: packed, with labels.</summary>
internal sealed class MaskedBatch
{
    /// <summary>B, the number of examples.</summary>
    public required int Count { get; init; }

    /// <summary>[T], masked.</summary>
    public required int[] InputIds { get; init; }

    /// <summary>[T]: 1 from the second segment on, its [SEP] included.</summary>
    public required int[] TokenTypeIds { get; init; }

    /// <summary>[B + 1]: where each example begins, and the end.</summary>
    public required int[] Offsets { get; init; }

    /// <summary>[T]: the token to be predicted, −100 where none is.</summary>
    public required int[] Labels { get; init; }

    /// <summary>[B]: 0 where the second segment follows the first, 1 where it is random; empty where that is not asked.</summary>
    public required int[] NextSentence { get; init; }
}
