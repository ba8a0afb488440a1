using BenchmarkDotNet.Attributes;
using BertSharp.Benchmarks.Comparison;

namespace BertSharp.Benchmarks;

/// <summary>The sentences of SST-2's dev file (872) by the vocabulary of bert-base-uncased, on one thread.</summary>
[MemoryDiagnoser]
public class TokenizerBenchmarks
{
    private readonly int[] _ids = new int[512];
    private BertTokenizer? _tokenizer;
    private string[] _texts = [];

    /// <summary>Reads both from the folder shared.</summary>
    [GlobalSetup]
    public void Setup()
    {
        string shared = ComparisonPaths.Find().Shared;
        _tokenizer = BertTokenizer.Load(Path.Combine(shared, "models", "real", "all-MiniLM-L6-v2"));
        _texts = [.. File.ReadLines(Path.Combine(shared, "data", "sst2", "dev.tsv")).Skip(1).Select(line => line.Split('\t')[0])];
    }

    /// <summary>Ids alone, into memory of the caller.</summary>
    [Benchmark(Baseline = true)]
    public int Ids() => _texts.Sum(text => _tokenizer!.Encode(text, _ids));

    /// <summary>A batch of all, with the places of tokens.</summary>
    [Benchmark]
    public TokenBatch BatchWithOffsets() => _tokenizer!.Encode(_texts, new EncodeOptions { Offsets = true });
}
