using BenchmarkDotNet.Attributes;

namespace BertSharp.Benchmarks;

/// <summary>A layer of BERT-Base and its attention, on one thread.</summary>
[FlopColumns]
public unsafe class EncoderLayerBenchmarks : IFlop
{
    private static readonly BertConfig Config = new() { NumHiddenLayers = 1, VocabSize = 128 };

    private readonly Activations _activations = new();
    private ModelParameters? _parameters;
    private Encoder? _encoder;
    private Arena? _arena;
    private int[] _offsets = [];
    private int[] _attended = [];

    /// <summary>Sequences × tokens.</summary>
    [Params("1x16", "8x128", "2x512")]
    public string Shape { get; set; } = "";

    /// <inheritdoc/>
    public double Flop => (double)ModelCost.Of(Config, 0, Sizes.Tokens).FlopPerSequence * Sizes.Sequences;

    /// <inheritdoc/>
    public int Threads => 1;

    private (int Sequences, int Tokens) Sizes => (int.Parse(Shape.Split('x')[0]), int.Parse(Shape.Split('x')[1]));

    /// <summary>Random weights and hidden states.</summary>
    [GlobalSetup]
    public void Setup()
    {
        (int sequences, int tokens) = Sizes;
        _parameters = Weights.Random(Config, ParameterList.Of(Config, HeadKind.None), seed: 42, null);
        _encoder = new Encoder(Config, _parameters);
        _offsets = [.. Enumerable.Range(0, sequences + 1).Select(i => i * tokens)];
        _attended = [.. Enumerable.Repeat(tokens, sequences)];
        _arena = new Arena(Activations.Size(sequences * tokens, tokens, Config.HiddenSize, Config.NumAttentionHeads, Config.IntermediateSize, Config.HiddenSize, 1));
        _activations.Take(_arena, sequences * tokens, tokens, Config.HiddenSize, Config.NumAttentionHeads, Config.IntermediateSize, Config.HiddenSize, 1);
        Random random = new(42);
        for (int row = 0; row < sequences * tokens; row++)
        {
            foreach (ref float value in _activations.Hidden.RowSpan(row))
            {
                value = random.NextSingle() - 0.5f;
            }
        }
    }

    /// <summary>Frees them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _arena!.Dispose();
        _parameters!.Dispose();
    }

    /// <summary>Attention and feed-forward; the output of LayerNorm is the next call's input.</summary>
    [Benchmark]
    public void Layer() => _encoder!.Layers[0].Forward(_activations, new AttentionRows(_offsets, _offsets, _attended, []), null, Team.Alone);
}
