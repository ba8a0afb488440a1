namespace BertSharp.Benchmarks;

/// <summary>BertSharp's tokenizer as the comparison uses it.</summary>
internal sealed class BertSharpTokenizer(BertTokenizer tokenizer) : ITokenizerUnderTest
{
    private static readonly EncodeOptions s_located = new() { Offsets = true };

    private readonly int[] _ids = new int[1 << 17];

    public string Version => $"BertSharp {typeof(BertTokenizer).Assembly.GetName().Version!.ToString(3)}";

    public int Ids(string text) => tokenizer.Encode(text, _ids.AsSpan());

    public int Offsets(string text) => tokenizer.Encode(text, s_located).TokenCount;

    public int Batch(string[] texts) => tokenizer.Encode(texts).TokenCount;

    public IEnumerable<long> Encode(string text)
    {
        int count = Ids(text);
        return _ids.Take(count).Select(id => (long)id);
    }
}
