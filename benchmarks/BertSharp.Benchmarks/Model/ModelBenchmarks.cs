using BenchmarkDotNet.Attributes;

namespace BertSharp.Benchmarks;

/// <summary>BERT-Base with random weights, on all threads. Nothing may be allocated.</summary>
[FlopColumns]
[MemoryDiagnoser]
public class ModelBenchmarks : IFlop
{
    private readonly BertOutput _output = new();
    private BertModel? _model;
    private TokenBatch? _batch;

    /// <summary>Sequences × tokens.</summary>
    [Params("1x16", "1x128", "8x128", "4x512")]
    public string Shape { get; set; } = "";

    /// <inheritdoc/>
    public double Flop => (double)ModelCost.Of(new BertConfig(), 0, Sizes.Tokens).FlopPerSequence * Sizes.Sequences;

    /// <inheritdoc/>
    public int Threads => WorkerPool.Shared.Threads;

    private (int Sequences, int Tokens) Sizes => (int.Parse(Shape.Split('x')[0]), int.Parse(Shape.Split('x')[1]));

    /// <summary>Random ids.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _model = BertModel.Create(new BertConfig(), seed: 42);
        (int sequences, int tokens) = Sizes;
        Random random = new(42);
        int[] ids = [.. Enumerable.Range(0, sequences * tokens).Select(_ => random.Next(_model.Config.VocabSize))];
        _batch = new TokenBatch(ids, new int[ids.Length], [.. Enumerable.Range(0, sequences + 1).Select(i => i * tokens)]);
    }

    /// <summary>Frees the weights.</summary>
    [GlobalCleanup]
    public void Cleanup() => _model!.Dispose();

    /// <summary>Into a result that is kept.</summary>
    [Benchmark]
    public void Forward() => _model!.Forward(_batch!, _output);
}
