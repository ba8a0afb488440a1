namespace BertSharp.Tests;

/// <summary>An embedding model backwards: against central differences of the slow twin, and the same bits however a step is cut.</summary>
public sealed class EmbeddingStageTests(ITestOutputHelper log)
{
    private const ulong Key = 17;
    private const double Step = 1e-5;

    private static readonly int[] Lengths = [4, 1, 5, 3, 2, 6];

    private static readonly PoolingMode[] Everything = [PoolingMode.Mean, PoolingMode.Cls, PoolingMode.Max, PoolingMode.MeanSqrtLen, PoolingMode.WeightedMean, PoolingMode.LastToken];

    public static TheoryData<string> Models() => ["ranking, dense, normalised", "ranking, every pooling", "CoSENT, dense", "triplet, normalised", "distillation, dense, normalised", "Matryoshka, dense", "electra, distillation"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_are_the_slopes_of_the_slow_twin_with_dropout(string kind)
    {
        using SentenceEmbedder embedder = Model(kind, SmallEmbedders.Tiny);
        (EmbeddingLoss loss, StepLabels labels, Func<double[][], double> twinLoss) = Loss(kind, embedder.Dimension);
        (int[] ids, int[] types, int[] offsets) = Inputs(SmallEmbedders.Tiny.VocabSize);
        Dropout dropout = new(Key, offsets, 0, TrainingStages.DropoutOf(embedder.Model));
        Dictionary<string, double[]> weights = SmallEmbedders.Weights(embedder);
        double Twin() => twinLoss([.. Lengths.Select((_, i) => NaiveEmbedding(embedder, weights, ids[offsets[i]..offsets[i + 1]], types[offsets[i]..offsets[i + 1]], (site, layer, token, head, width) =>
        {
            float[] factors = new float[width];
            DropoutMask.Fill(dropout.Key(site, layer, offsets[i] + token, head), TrainingStages.DropoutOf(embedder.Model).Of(site), factors);
            return Array.ConvertAll(factors, factor => (double)factor);
        }))]);

        using TrainingPass pass = SmallEmbedders.Pass(embedder, loss, new TrainingPassOptions { MicroBatchTokens = 8 });
        StepLoss found = pass.Run(new TokenBatch(ids, types, offsets).Packed, labels, Key);
        Assert.Equal(Twin(), found.Loss, 1e-5);
        double worst = 0;
        foreach ((string name, float[] gradient) in SmallEmbedders.Gradients(embedder))
        {
            double[] slopes = new double[gradient.Length], values = weights[name];
            for (int i = 0; i < slopes.Length; i++)
            {
                double value = values[i];
                values[i] = value + Step;
                double above = Twin();
                values[i] = value - Step;
                slopes[i] = (above - Twin()) / (2 * Step);
                values[i] = value;
            }

            double tolerance = (1e-4 * slopes.Max(Math.Abs)) + 1e-6, error = slopes.Zip(gradient, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(error <= tolerance, $"{name}: error {error:e2}, tolerance {tolerance:e2}.");
            worst = Math.Max(worst, error / tolerance);
        }

        log.WriteLine($"{kind}: worst {worst:p1} of the tolerance");
    }

    [Theory]
    [InlineData("ranking, dense, normalised")]
    [InlineData("electra, distillation")]
    public void Threads_widths_and_micro_batches_do_not_change_a_bit(string kind)
    {
        float[]? first = null;
        double firstLoss = 0;
        Widths.ForEach(width =>
        {
            foreach (int threads in new[] { 1, 2 })
            {
                WorkerPool.Shared.MaxThreads = threads;
                try
                {
                    foreach ((int tokens, bool recompute) in new[] { (100_000, false), (1, false), (9, false), (9, true) })
                    {
                        (float[] gradients, double loss) = Run(kind, new TrainingPassOptions { MicroBatchTokens = tokens, Recompute = recompute });
                        first ??= gradients;
                        firstLoss = ReferenceEquals(first, gradients) ? loss : firstLoss;
                        Numbers.AssertSameBits(first, gradients, $"width {width}, {threads} threads, micro-batches of {tokens} tokens");
                        Assert.Equal(firstLoss, loss);
                    }
                }
                finally
                {
                    WorkerPool.Shared.MaxThreads = int.MaxValue;
                }
            }
        });
        Assert.Contains(first!, value => value != 0);
    }

    [Fact]
    public void Without_dropout_the_loss_is_that_of_the_embeddings_that_the_embedder_gives()
    {
        using SentenceEmbedder embedder = SmallEmbedders.Create(SmallEmbedders.Spelling, [PoolingMode.Mean], dense: 11, normalize: true);
        string[] texts = ["hello world", "the fox jumped", "hello", "foxes jump"];
        using PinnedMatrix embeddings = new(texts.Length, embedder.Dimension), gradient = new(texts.Length, embedder.Dimension);
        for (int i = 0; i < texts.Length; i++)
        {
            embedder.Embed(texts[i]).CopyTo(embeddings.Matrix.RowSpan(i));
        }

        double expected = new MultipleNegativesRankingLoss().Compute(new EmbeddingBatch(embeddings.Matrix, 2), gradient.Matrix);
        using TrainingPass pass = SmallEmbedders.Pass(embedder, new MultipleNegativesRankingLoss(), new TrainingPassOptions { Dropout = false, MicroBatchTokens = 8 });
        Assert.Equal(expected, pass.Run(embedder.Encode(texts).Packed, new StepLabels { Texts = 2 }, Key).Loss);
    }

    [Fact]
    public void Targets_that_do_not_fit_are_refused()
    {
        using SentenceEmbedder embedder = SmallEmbedders.Create(SmallEmbedders.Spelling, [PoolingMode.Mean]);
        using TrainingPass pass = SmallEmbedders.Pass(embedder, new DistillationLoss(), new TrainingPassOptions());
        ArgumentException error = Assert.Throws<ArgumentException>(() => pass.Run(embedder.Encode(["hello"]).Packed, new StepLabels { Targets = new float[35] }, Key));
        Assert.Contains("36 targets; found 35", error.Message, StringComparison.Ordinal);
    }

    private static SentenceEmbedder Model(string kind, BertConfig config) => SmallEmbedders.Create(
        kind.StartsWith("electra", StringComparison.Ordinal) ? config with { ModelType = "electra", EmbeddingSize = 4 } : config,
        kind.Contains("every pooling", StringComparison.Ordinal) ? Everything : kind.Contains("dense", StringComparison.Ordinal) ? [PoolingMode.Mean, PoolingMode.Max] : [PoolingMode.Mean],
        kind.Contains("dense", StringComparison.Ordinal) ? 5 : null,
        kind.Contains("normalised", StringComparison.Ordinal));

    private static (EmbeddingLoss Loss, StepLabels Labels, Func<double[][], double> Twin) Loss(string kind, int dimension)
    {
        float[] scores = [0.9f, 0.1f, 0.4f], targets = [.. Enumerable.Range(0, Lengths.Length * dimension).Select(i => ((i * 7 % 11) - 5) / 9f)];
        double[] scoresOfTwin = Array.ConvertAll(scores, score => (double)score);
        double[][] teacher = [.. Array.ConvertAll(targets, target => (double)target).Chunk(dimension)];
        return kind.Split(',')[0] switch
        {
            "ranking" => (new MultipleNegativesRankingLoss(3), new StepLabels { Texts = 2 }, x => NaiveEmbeddingLoss.MultipleNegativesRanking(x, 2, 3)),
            "CoSENT" => (new CosentLoss(4), new StepLabels { Texts = 2, Targets = scores }, x => NaiveEmbeddingLoss.Cosent(x, scoresOfTwin, 4)),
            "triplet" => (new TripletLoss(), new StepLabels { Texts = 3 }, x => NaiveEmbeddingLoss.Triplet(x, 5)),
            "Matryoshka" => (new MatryoshkaLoss(new MultipleNegativesRankingLoss(3), [(5, 1), (3, 0.5f)]), new StepLabels { Texts = 2 }, x => NaiveEmbeddingLoss.Matryoshka(x, [(5, 1), (3, 0.5f)], (cut, _) => NaiveEmbeddingLoss.MultipleNegativesRanking(cut, 2, 3))),
            _ => (new DistillationLoss(2), new StepLabels { Targets = targets }, x => NaiveEmbeddingLoss.Distillation(x, teacher, 2)),
        };
    }

    private static (int[] Ids, int[] Types, int[] Offsets) Inputs(int vocabulary)
    {
        int tokens = Lengths.Sum();
        return ([.. Enumerable.Range(0, tokens).Select(i => 2 + (i * 7 % (vocabulary - 2)))], [.. Enumerable.Range(0, tokens).Select(i => i / 2 % 2)], [0, .. Lengths.Select((_, i) => Lengths.Take(i + 1).Sum())]);
    }

    private static (float[] Gradients, double Loss) Run(string kind, TrainingPassOptions options)
    {
        using SentenceEmbedder embedder = Model(kind, SmallEmbedders.Spelling);
        (EmbeddingLoss loss, StepLabels labels, _) = Loss(kind, embedder.Dimension);
        (int[] ids, int[] types, int[] offsets) = Inputs(SmallEmbedders.Spelling.VocabSize);
        using TrainingPass pass = SmallEmbedders.Pass(embedder, loss, options);

        // Twice: the second step finds what the first one left.
        pass.Run(new TokenBatch(ids, types, offsets).Packed, labels, 3);
        StepLoss found = pass.Run(new TokenBatch(ids, types, offsets).Packed, labels, Key);
        return ([.. SmallEmbedders.Gradients(embedder).SelectMany(pair => pair.Value)], found.Loss);
    }

    private static double[] NaiveEmbedding(SentenceEmbedder embedder, Dictionary<string, double[]> weights, int[] ids, int[] types, Func<DropoutSite, int, int, int, int, double[]> mask)
    {
        double[][] tokens = new NaiveBert(embedder.Model.Config, weights, mask).Encode(ids, types).Hidden[^1];
        double[] vector = [.. embedder.Config.Pooling.SelectMany(mode => Enumerable.Range(0, tokens[0].Length).Select(i => Pool(mode, [.. tokens.Select(token => token[i])])))];
        if (weights.TryGetValue("2_Dense/linear.bias", out double[]? bias))
        {
            double[] weight = weights["2_Dense/linear.weight"];
            vector = [.. bias.Select((b, row) => Math.Tanh(b + vector.Select((x, i) => x * weight[(row * vector.Length) + i]).Sum()))];
        }

        double length = embedder.Config.Normalize ? Math.Sqrt(vector.Sum(x => x * x)) : 1;
        return [.. vector.Select(x => x / length)];
    }

    private static double Pool(PoolingMode mode, double[] x) => mode switch
    {
        PoolingMode.Cls => x[0],
        PoolingMode.LastToken => x[^1],
        PoolingMode.Max => x.Max(),
        PoolingMode.Mean => x.Average(),
        PoolingMode.MeanSqrtLen => x.Sum() / Math.Sqrt(x.Length),
        _ => x.Select((value, i) => value * (i + 1)).Sum() / Enumerable.Range(1, x.Length).Sum(),
    };
}
