using System.Globalization;

namespace BertSharp.Benchmarks;

/// <summary>A step of a masked language model that is measured; its text names it and is what a peer is told.</summary>
/// <param name="Model">base: BERT-Base; mini: the sizes of bertsharp-mini.</param>
/// <param name="Sequences">Sequences of a step.</param>
/// <param name="Tokens">Tokens of each.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Dropout">The share that is dropped, at every site.</param>
/// <param name="IsWhole">With clipping and AdamW; otherwise forward and backward.</param>
internal sealed record StepShape(string Model, int Sequences, int Tokens, int Threads, double Dropout, bool IsWhole)
{
    public BertConfig Config => (Model == "base" ? new BertConfig() : new BertConfig
    {
        VocabSize = 10240,
        HiddenSize = 256,
        NumHiddenLayers = 6,
        NumAttentionHeads = 4,
        IntermediateSize = 1024,
    })
    with
    { HiddenDropoutProb = Dropout, AttentionProbsDropoutProb = Dropout, Architectures = ["BertForMaskedLM"] };

    public int Predicted => Enumerable.Range(0, Sequences * Tokens).Count(IsPredicted);

    /// <summary>Three times the forward pass: the encoder's, and the head's at predicted tokens.</summary>
    public double Flop
    {
        get
        {
            double hidden = Config.HiddenSize;
            return 3 * ((ModelCost.Of(Config, 0, Tokens).FlopPerToken * (double)Sequences * Tokens) + (Predicted * 2 * ((hidden * hidden) + (hidden * Config.VocabSize))));
        }
    }

    /// <summary>The arguments that name it.</summary>
    public string[] Arguments => [Model, Text(Sequences), Text(Tokens), Text(Threads), Text(Dropout), IsWhole ? "whole" : "gradients"];

    public static StepShape Parse(string[] arguments) => arguments is ["base" or "mini", _, _, _, _, "whole" or "gradients"]
        ? new StepShape(arguments[0], Number(arguments[1]), Number(arguments[2]), Number(arguments[3]), double.Parse(arguments[4], CultureInfo.InvariantCulture), arguments[5] == "whole")
        : throw new ArgumentException("expected base|mini SEQUENCES TOKENS THREADS DROPOUT whole|gradients");

    /// <summary>Three tokens of twenty are predicted.</summary>
    public static bool IsPredicted(int token) => token % 20 is 0 or 7 or 13;

    /// <summary>
    /// Bytes that a whole step needs, as docs/performance.md has it: weight, gradient and two moments of each parameter; what the
    /// layers keep of a micro-batch's T tokens for their backward pass; the working matrices; the logits; and the runtime.
    /// </summary>
    public double PredictedBytes()
    {
        BertConfig c = Config;
        double t = Math.Min(Sequences * Tokens, TrainingPassOptions.DefaultTokens), h = c.HiddenSize, i = c.IntermediateSize;
        using BertForMaskedLM model = BertForMaskedLM.Create(c, seed: 1);
        double parameters = model.Parameters.List.Sum(parameter => parameter.Shape.Aggregate(1.0, (product, size) => product * size));
        double kept = c.NumHiddenLayers * t * ((8 * h) + (2 * i));
        double working = t * ((6 * h) + i);
        double head = Predicted * t / (Sequences * Tokens) * (c.VocabSize + (4 * h));
        double rows = 2.0 * Math.Min(Sequences * Tokens, c.VocabSize) * h;
        return (4 * ((4 * parameters) + kept + working + head + rows)) + RuntimeBytes;
    }

    private const double RuntimeBytes = 80e6;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
