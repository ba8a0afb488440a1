namespace BertSharp.Tests;

public sealed class SymmetricEigenTests
{
    [Fact]
    public void Vectors_are_orthonormal_and_only_stretched_and_values_fall()
    {
        const int n = 17;
        SplitMix64 random = new(4);
        double[][] matrix = [.. Enumerable.Range(0, n).Select(_ => new double[n])];
        for (int i = 0; i < n * n; i++)
        {
            (int row, int column) = Math.DivRem(i, n);
            matrix[row][column] = matrix[column][row] = random.NextUnit() - 0.5;
        }

        double[][] copy = [.. matrix.Select(row => row.ToArray())];
        (double[] values, double[][] vectors) = SymmetricEigen.Decompose(copy);
        Assert.Equal(values.OrderDescending(), values);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(i == j ? 1 : 0, Dot(vectors[i], vectors[j]), 1e-12);
                Assert.Equal(values[i] * vectors[i][j], Dot(matrix[j], vectors[i]), 1e-12);
            }
        }
    }

    [Fact]
    public void A_basis_keeps_what_a_table_spans_and_puts_its_least_direction_into_the_mean()
    {
        const int width = 12, size = 5, rows = 40;
        SplitMix64 random = new(5);

        // Rows in a space of 4 dimensions, without a mean: the fifth direction has nothing to carry.
        float[][] axes = [.. Enumerable.Range(0, 4).Select(_ => Centered([.. Enumerable.Range(0, width).Select(_ => (float)random.NextUnit())]))];
        float[] table = [.. Enumerable.Range(0, rows).SelectMany(_ =>
        {
            double[] weights = [.. axes.Select(_ => random.NextUnit() - 0.5)];
            return Enumerable.Range(0, width).Select(i => (float)axes.Select((axis, a) => weights[a] * axis[i]).Sum());
        })];
        EmbeddingBasis basis = new(table, width, size);
        float[] coordinates = new float[size];
        for (int row = 0; row < rows; row++)
        {
            Span<float> values = table.AsSpan(row * width, width);
            basis.Project(values, coordinates);
            for (int i = 0; i < width; i++)
            {
                Assert.Equal(values[i], coordinates.Select((x, d) => x * basis.Weight(d, i)).Sum(), 1e-5);
            }

            Assert.Equal(0, coordinates.Average(), 1e-5);
        }
    }

    private static float[] Centered(float[] values) => [.. values.Select(value => value - values.Average())];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
