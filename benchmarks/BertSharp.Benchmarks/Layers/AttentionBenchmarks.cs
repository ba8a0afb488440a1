using BenchmarkDotNet.Attributes;

namespace BertSharp.Benchmarks;

/// <summary>softmax(Q·Kᵀ / √D)·V of one sequence of BERT-Base, all heads, on one thread; its softmax counts as no work.</summary>
[FlopColumns]
public unsafe class AttentionBenchmarks : IFlop
{
    private const int Hidden = 768, Heads = 12;

    private Arena? _arena;
    private Matrix _source;
    private Matrix _query;
    private AttentionScratch _scratch;

    /// <summary>S.</summary>
    [Params(16, 128, 512)]
    public int Tokens { get; set; }

    /// <inheritdoc/>
    public double Flop => 4.0 * Tokens * Tokens * Hidden;

    /// <inheritdoc/>
    public int Threads => 1;

    /// <summary>Random operands.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _arena = new Arena((2 * Arena.MatrixSize(Tokens, Hidden)) + AttentionScratch.Size(Tokens, Hidden / Heads));
        _source = _arena.TakeMatrix(Tokens, Hidden);
        _query = _arena.TakeMatrix(Tokens, Hidden);
        _scratch = AttentionScratch.Take(_arena, Tokens, Hidden / Heads);
        Random random = new(42);
        for (int row = 0; row < Tokens; row++)
        {
            foreach (ref float value in _source.RowSpan(row))
            {
                value = random.NextSingle() - 0.5f;
            }

            _source.RowSpan(row).CopyTo(_query.RowSpan(row));
        }
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup() => _arena!.Dispose();

    /// <summary>The context replaces the queries: a mean of values, so that repetitions stay within the same range.</summary>
    [Benchmark]
    public void Attention() => ScaledDotProductAttention.Forward(new Activations { Query = _query, Key = _source, Value = _source, Context = _query, Scratch = [_scratch] }, new AttentionRows([0, Tokens], [0, Tokens], [Tokens], []), Heads, null, Team.Alone);
}
