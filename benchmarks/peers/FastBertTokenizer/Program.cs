using BertSharp.Benchmarks;
using FastBertTokenizer;

// Arguments: the vocabulary's folder, the texts' folder, the version of the copy that this program was built from.
var tokenizer = new BertTokenizer();
await tokenizer.LoadTokenizerJsonAsync(Path.Combine(args[0], "tokenizer.json"));
TokenizerWorker.Run(args[1], () => new FastBert(tokenizer, args[2]));

/// <summary>FastBertTokenizer by its fastest way: ids and mask into memory that the caller keeps. It has no offsets.</summary>
internal sealed class FastBert(BertTokenizer tokenizer, string version) : ITokenizerUnderTest
{
    private readonly long[] _ids = new long[1 << 17];
    private readonly long[] _mask = new long[1 << 17];

    public string Version => $"FastBertTokenizer {version}";

    public int Ids(string text) => tokenizer.Encode(text, _ids, _mask);

    public int Offsets(string text) => -1;

    public int Batch(string[] texts) => -1;

    public IEnumerable<long> Encode(string text)
    {
        int count = Ids(text);
        return _ids.Take(count);
    }
}
