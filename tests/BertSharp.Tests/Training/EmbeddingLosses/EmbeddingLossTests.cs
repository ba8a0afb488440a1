namespace BertSharp.Tests;

/// <summary>Every embedding loss: against sentence-transformers, against central differences of its slow twin, at every width.</summary>
[Collection(Widths.Alone)]
public sealed class EmbeddingLossTests
{
    private const int Dimension = 24;

    private static readonly (int Dimension, float Weight)[] Cuts = [(Dimension, 1), (8, 0.5f), (3, 0.25f)];

    private static readonly float[] Scores = [0.1f, 0.9f, 0.5f, 0.5f, -0.3f];

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Each loss with the texts of an example, its labels (null: a teacher's embeddings), and its twin.</summary>
    private static Dictionary<string, (EmbeddingLoss Loss, int Columns, float[]? Labels, Func<double[][], double[][], double> Twin)> All { get; } = new()
    {
        ["ranking"] = (new MultipleNegativesRankingLoss(), 2, [], (x, _) => NaiveEmbeddingLoss.MultipleNegativesRanking(x, 2, 20)),
        ["ranking with negatives"] = (new MultipleNegativesRankingLoss(5), 4, [], (x, _) => NaiveEmbeddingLoss.MultipleNegativesRanking(x, 4, 5)),
        ["CoSENT"] = (new CosentLoss(), 2, Scores, (x, _) => NaiveEmbeddingLoss.Cosent(x, Doubles(Scores), 20)),
        ["cosine"] = (new CosineSimilarityLoss(), 2, Scores, (x, _) => NaiveEmbeddingLoss.CosineSimilarity(x, Doubles(Scores))),
        ["contrastive"] = (new ContrastiveLoss(1.2f), 2, [1, 0, 0, 1, 0], (x, _) => NaiveEmbeddingLoss.Contrastive(x, [1, 0, 0, 1, 0], 1.2f)),
        ["triplet"] = (new TripletLoss(0.5f), 3, [], (x, _) => NaiveEmbeddingLoss.Triplet(x, 0.5)),
        ["distillation"] = (new DistillationLoss(), 1, null, (x, t) => NaiveEmbeddingLoss.Distillation(x, t, 0)),
        ["distillation with cosines"] = (new DistillationLoss(3), 1, null, (x, t) => NaiveEmbeddingLoss.Distillation(x, t, 3)),
        ["Matryoshka ranking"] = (new MatryoshkaLoss(new MultipleNegativesRankingLoss(), Cuts), 3, [], (x, _) => NaiveEmbeddingLoss.Matryoshka(x, Cuts, (cut, _) => NaiveEmbeddingLoss.MultipleNegativesRanking(cut, 3, 20))),
        ["Matryoshka CoSENT"] = (new MatryoshkaLoss(new CosentLoss(), Cuts), 2, Scores, (x, _) => NaiveEmbeddingLoss.Matryoshka(x, Cuts, (cut, _) => NaiveEmbeddingLoss.Cosent(cut, Doubles(Scores), 20))),
        ["Matryoshka distillation"] = (new MatryoshkaLoss(new DistillationLoss(2), Cuts), 2, null, (x, t) => NaiveEmbeddingLoss.Matryoshka(x, Cuts, (cut, d) => NaiveEmbeddingLoss.Distillation(cut, NaiveEmbeddingLoss.Cut(t, d), 2))),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_and_gradient_agree_with_the_twin(string name)
    {
        var (loss, columns, labels, twin) = All[name];
        float[] x = Numbers.Array(5 * columns * Dimension, seed: 1), teacher = Numbers.Array(x.Length, seed: 2);
        (double value, float[] gradient) = Compute(loss, x, columns, labels ?? teacher, 5);
        double Twin(double[] at) => twin(Rows(at, Dimension), Rows(Doubles(teacher), Dimension));
        Assert.Equal(1, value / Twin(Doubles(x)), 1e-5);
        CentralDifferences.AssertAgree(Twin, x, gradient);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_width_gives_the_same_bits(string name)
    {
        var (loss, columns, labels, _) = All[name];
        float[] x = Numbers.Array(5 * columns * Dimension, seed: 3), teacher = Numbers.Array(x.Length, seed: 4);
        (double value, float[] gradient) = Compute(loss, x, columns, labels ?? teacher, 5);
        Widths.ForEach(width =>
        {
            (double again, float[] gradientAgain) = Compute(loss, x, columns, labels ?? teacher, 5);
            Assert.Equal(value, again);
            Numbers.AssertSameBits(gradient, gradientAgain, $"{name} at {width} bits");
        });
    }

    [Theory]
    [InlineData("multiple_negatives_ranking", "anchor,positive", null)]
    [InlineData("multiple_negatives_ranking_with_negatives", "anchor,positive,negative", null)]
    [InlineData("cosent", "anchor,positive", "label.score")]
    [InlineData("cosine_similarity", "anchor,positive", "label.score")]
    [InlineData("triplet", "anchor,positive,negative", null)]
    [InlineData("contrastive", "anchor,positive", "label.binary")]
    [InlineData("mse", "anchor", "teacher")]
    public void Value_and_gradient_agree_with_sentence_transformers(string name, string columns, string? label)
    {
        using Checkpoint golden = Checkpoint.Open(SharedData.Require("training", "losses", "embedding.safetensors"));
        EmbeddingLoss loss = name switch
        {
            "cosent" => new CosentLoss(),
            "cosine_similarity" => new CosineSimilarityLoss(),
            "triplet" => new TripletLoss(),
            "contrastive" => new ContrastiveLoss(),
            "mse" => new DistillationLoss(),
            _ => new MultipleNegativesRankingLoss(),
        };
        string[] texts = columns.Split(',');
        float[] x = [.. texts.SelectMany(column => Read(golden, $"embedding.{column}"))];
        (double value, float[] gradient) = Compute(loss, x, texts.Length, label is null ? [] : Read(golden, label), 6);
        Assert.Equal(1, value / Read(golden, $"{name}.loss")[0], 1e-5);
        CentralDifferences.AssertClose(Doubles([.. texts.SelectMany(column => Read(golden, $"{name}.grad.{column}"))]), gradient, 1e-4);
    }

    [Fact]
    public void A_certain_anchor_keeps_the_digits_of_its_gradient()
    {
        // The cosines are near 1 and −1: p at the label is 1 − 4e-18, and 1 − p must not round to 0.
        float[] gradient = Compute(new MultipleNegativesRankingLoss(), [1, 0.01f, -1, 0.01f, 1, 0, -1, 0], 2, [], 2).Gradient;
        Assert.All([gradient[1], gradient[3]], value => Assert.InRange(Math.Abs(value), 1e-20, 1e-14));
    }

    [Fact]
    public void Zero_vectors_give_finite_gradients()
    {
        foreach ((EmbeddingLoss loss, int columns, float[]? labels, _) in All.Values)
        {
            (double value, float[] gradient) = Compute(loss, new float[5 * columns * Dimension], columns, labels ?? new float[5 * columns * Dimension], 5);
            Assert.True(double.IsFinite(value) && gradient.All(float.IsFinite), loss.GetType().Name);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        float[] x = Numbers.Array(24, seed: 5);
        Assert.Contains("an anchor, a positive and a negative", Assert.Throws<ArgumentException>(() => Compute(new TripletLoss(), x, 2, [], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Compute(new CosentLoss(), x, 2, [1, 2], 3));
        Assert.Throws<ArgumentException>(() => Compute(new CosineSimilarityLoss(), x, 2, [], 2));
        Assert.Throws<ArgumentException>(() => Compute(new MultipleNegativesRankingLoss(), x, 1, [], 4));
        Assert.Throws<ArgumentException>(() => Compute(new MatryoshkaLoss(new TripletLoss(), [(7, 1)]), x, 3, [], 2));
        Assert.Throws<ArgumentException>(() => new MatryoshkaLoss(new TripletLoss(), [(4, 1), (4, 1)]));
        using PinnedMatrix embeddings = new(x, 4), gradient = new(4, 5);
        Assert.Throws<ArgumentException>(() => new TripletLoss().Compute(new EmbeddingBatch(embeddings.Matrix, 4), gradient.Matrix));
        Assert.Throws<ArgumentException>(() => new MultipleNegativesRankingLoss().Compute(new EmbeddingBatch(embeddings.Matrix, 2), gradient.Matrix));
    }

    /// <summary>Computes a loss of n · columns embeddings; the labels are [n] scores, as many values as embeddings, or none.</summary>
    private static (double Value, float[] Gradient) Compute(EmbeddingLoss loss, float[] x, int columns, float[] labels, int n)
    {
        using PinnedMatrix embeddings = new(x, n * columns), gradient = new(n * columns, x.Length / (n * columns));
        using PinnedMatrix? given = labels.Length == 0 ? null : new(labels, labels.Length == x.Length ? n * columns : labels.Length);
        double value = loss.Compute(new EmbeddingBatch(embeddings.Matrix, columns, given?.Matrix ?? default), gradient.Matrix);
        return (value, gradient.Values);
    }

    private static float[] Read(Checkpoint checkpoint, string name)
    {
        Assert.True(checkpoint.TryFind(name, out TensorInfo tensor), name);
        float[] values = new float[tensor.Count];
        checkpoint.Read(tensor, values);
        return values;
    }

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static double[][] Rows(double[] values, int columns) => [.. values.Chunk(columns)];
}
