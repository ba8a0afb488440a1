namespace BertSharp;

/// <summary>The longest sequence that a model reads: the tokenizer's own limit, but never more than there are positions.</summary>
internal static class TokenLimit
{
    /// <summary>Tokens, special ones included.</summary>
    public static int Of(BertConfig config, BertTokenizer tokenizer, int? wanted = null)
    {
        int positions = config.MaxPositionEmbeddings - Family.Of(config).FirstPosition(config.PadTokenId);
        return Math.Min(wanted ?? tokenizer.ModelMaxLength ?? positions, positions);
    }
}
