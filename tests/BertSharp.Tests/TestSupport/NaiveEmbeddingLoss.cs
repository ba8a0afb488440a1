namespace BertSharp.Tests;

/// <summary>The embedding losses in float64, from their formulas, without gradients: the slow twins. Rows are embeddings.</summary>
internal static class NaiveEmbeddingLoss
{
    public static double MultipleNegativesRanking(double[][] x, int columns, double scale)
    {
        int n = x.Length / columns;
        return Enumerable.Range(0, n).Average(i => LogSumExp(x[n..].Select(candidate => scale * Cosine(x[i], candidate))) - (scale * Cosine(x[i], x[n + i])));
    }

    public static double Cosent(double[][] x, double[] scores, double scale)
    {
        double[] cosines = Cosines(x);
        IEnumerable<double> pairs = from i in Enumerable.Range(0, scores.Length) from j in Enumerable.Range(0, scores.Length) where scores[i] < scores[j] select scale * (cosines[i] - cosines[j]);
        return LogSumExp([0, .. pairs]);
    }

    public static double CosineSimilarity(double[][] x, double[] scores) =>
        Cosines(x).Zip(scores, (cosine, score) => (cosine - score) * (cosine - score)).Average();

    public static double Contrastive(double[][] x, double[] labels, double margin) =>
        Cosines(x).Zip(labels, (cosine, label) => 0.5 * ((label * Math.Pow(1 - cosine, 2)) + ((1 - label) * Math.Pow(Math.Max(margin - (1 - cosine), 0), 2)))).Average();

    public static double Triplet(double[][] x, double margin)
    {
        int n = x.Length / 3;
        return Enumerable.Range(0, n).Average(i => Math.Max(Distance(x[i], x[n + i]) - Distance(x[i], x[(2 * n) + i]) + margin, 0));
    }

    public static double Distillation(double[][] x, double[][] teacher, double cosineWeight)
    {
        double own = x.Zip(teacher, (a, b) => a.Zip(b, (v, t) => (v - t) * (v - t)).Average()).Average();
        IEnumerable<double> cosines = from i in Enumerable.Range(0, x.Length) from j in Enumerable.Range(0, x.Length) select Math.Pow(Cosine(x[i], x[j]) - Cosine(teacher[i], teacher[j]), 2);
        return own + (cosineWeight * cosines.Average());
    }

    public static double Matryoshka(double[][] x, IEnumerable<(int Dimension, float Weight)> cuts, Func<double[][], int, double> inner) =>
        cuts.Sum(cut => cut.Weight * inner(Cut(x, cut.Dimension), cut.Dimension));

    public static double[][] Cut(double[][] x, int dimension) =>
        [.. x.Select(row => row[..dimension].Select(value => value / Math.Sqrt(Dot(row[..dimension], row[..dimension]))).ToArray())];

    private static double[] Cosines(double[][] x) => [.. x[..(x.Length / 2)].Zip(x[(x.Length / 2)..], Cosine)];

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (v, w) => (v - w + 1e-6) * (v - w + 1e-6)).Sum());

    private static double Dot(double[] a, double[] b) => a.Zip(b, (v, w) => v * w).Sum();

    private static double LogSumExp(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Max() + Math.Log(all.Sum(value => Math.Exp(value - all.Max())));
    }
}
