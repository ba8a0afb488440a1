namespace BertSharp.Benchmarks;

/// <summary>One size that is measured: B sequences of S tokens through L layers of H hidden values. All else is BERT-Base's.</summary>
internal sealed record CostShape(int Sequences, int Tokens, int Layers = 12, int Hidden = 768)
{
    /// <summary>The model, with heads of 64 values (300 is no multiple of 64: six heads of 50) and a feed-forward four times as wide.</summary>
    public BertConfig ToConfig() => new()
    {
        HiddenSize = Hidden,
        NumHiddenLayers = Layers,
        NumAttentionHeads = Hidden == 300 ? 6 : Hidden / 64,
        IntermediateSize = 4 * Hidden,
    };

    /// <summary>The shapes of a part, each set against the one before it.</summary>
    public static CostShape[] Part(string part) => part switch
    {
        "tokens" => [.. new[] { 16, 32, 64, 128, 256, 384, 512 }.Select(tokens => new CostShape(1, tokens))],
        "batch" => [.. new[] { 1, 2, 4, 8, 16, 32, 64 }.Select(sequences => new CostShape(sequences, 128)), new(64, 32)],
        "layers" => [.. new[] { 1, 2, 4, 8, 12, 24 }.Select(layers => new CostShape(8, 128, layers))],
        "hidden" => [.. new[] { 128, 256, 300, 384, 512, 768, 1024 }.Select(hidden => new CostShape(8, 128, 12, hidden))],
        _ => throw new ArgumentException($"'{part}' is no part; expected tokens, batch, layers or hidden."),
    };
}
