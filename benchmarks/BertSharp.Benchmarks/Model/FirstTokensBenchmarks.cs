using BenchmarkDotNet.Attributes;

namespace BertSharp.Benchmarks;

/// <summary>A pass whose last layer computes first tokens alone against one that computes all, on all threads.</summary>
[MemoryDiagnoser]
public class FirstTokensBenchmarks
{
    private readonly BertOutput _all = new();
    private readonly BertOutput _firstTokens = new();
    private BertModel? _model;
    private TokenBatch? _batch;

    /// <summary>Layers × H.</summary>
    [Params("12x768", "6x384")]
    public string Size { get; set; } = "";

    /// <summary>Sequences × tokens.</summary>
    [Params("8x128", "64x32")]
    public string Shape { get; set; } = "";

    /// <summary>Random weights and ids.</summary>
    [GlobalSetup]
    public void Setup()
    {
        (int layers, int hidden) = Pair(Size);
        (int sequences, int tokens) = Pair(Shape);
        _model = BertModel.Create(new BertConfig { VocabSize = 1000, NumHiddenLayers = layers, HiddenSize = hidden, NumAttentionHeads = 12, IntermediateSize = 4 * hidden }, seed: 42);
        Random random = new(42);
        int[] ids = [.. Enumerable.Range(0, sequences * tokens).Select(_ => random.Next(_model.Config.VocabSize))];
        _batch = new TokenBatch(ids, new int[ids.Length], [.. Enumerable.Range(0, sequences + 1).Select(i => i * tokens)]);
    }

    /// <summary>Frees the weights.</summary>
    [GlobalCleanup]
    public void Cleanup() => _model!.Dispose();

    /// <summary>Every token of the last layer.</summary>
    [Benchmark(Baseline = true)]
    public void AllTokens() => _model!.Forward(_batch!, _all);

    /// <summary>The first token of each sequence.</summary>
    [Benchmark]
    public void FirstTokens() => _model!.Forward(_batch!, _firstTokens, ForwardOptions.FirstTokens);

    private static (int First, int Second) Pair(string text) => (int.Parse(text.Split('x')[0]), int.Parse(text.Split('x')[1]));
}
