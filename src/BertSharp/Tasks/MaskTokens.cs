namespace BertSharp;

/// <summary>The masks of a batch.</summary>
internal static class MaskTokens
{
    /// <summary>A folder's tokenizer, which must have a mask token.</summary>
    /// <exception cref="TokenizerException">It has none, or a file is damaged.</exception>
    public static BertTokenizer Tokenizer(string folder)
    {
        BertTokenizer tokenizer = BertTokenizer.Load(folder);
        return tokenizer.MaskId >= 0
            ? tokenizer
            : throw new TokenizerException(folder, "mask_token", $"expected a vocabulary with {tokenizer.Options.MaskToken}, found none; use the tokenizer that the language model was trained with");
    }

    /// <summary>Where the masks of a sequence stand in it.</summary>
    public static int[] Positions(TokenBatch batch, int sequence, int maskId)
    {
        ReadOnlySpan<int> ids = batch.InputIds[batch.SequenceOffsets[sequence]..batch.SequenceOffsets[sequence + 1]];
        List<int> positions = [];
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] == maskId)
            {
                positions.Add(i);
            }
        }

        return [.. positions];
    }
}
