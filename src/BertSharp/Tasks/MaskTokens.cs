namespace BertSharp;

/// <summary>The masks of a batch.</summary>
internal static class MaskTokens
{
    /// <summary>A tokenizer that has a mask token.</summary>
    /// <exception cref="TokenizerException">It has none.</exception>
    public static BertTokenizer Require(BertTokenizer tokenizer) => tokenizer.MaskId >= 0
        ? tokenizer
        : throw new TokenizerException("tokenizer", "mask_token", $"expected a vocabulary with {tokenizer.Options.MaskToken}, found none; use the tokenizer that the language model was trained with");

    /// <summary>Where the masks of each sequence stand in it.</summary>
    public static int[][] Of(TokenBatch batch, int maskId)
    {
        int[][] masks = new int[batch.Count][];
        for (int i = 0; i < masks.Length; i++)
        {
            int first = batch.SequenceOffsets[i];
            masks[i] = [.. Enumerable.Range(0, batch.Length(i)).Where(at => batch.InputIds[first + at] == maskId)];
        }

        return masks;
    }
}
