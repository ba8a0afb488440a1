namespace BertSharp;

/// <summary>
/// The few directions in which a table of embeddings differs most (its right singular vectors, from the eigenvectors of its
/// Gram matrix), made ready for a LayerNorm of their number: that takes out the mean of the coordinates, so a reflection turns
/// the direction that matters least to where all coordinates are equal.
/// </summary>
internal sealed class EmbeddingBasis
{
    private readonly double[][] _directions;

    /// <summary>Finds the directions.</summary>
    /// <param name="table">[V · H] the table, row-major.</param>
    /// <param name="width">H.</param>
    /// <param name="size">E, at most H.</param>
    public EmbeddingBasis(float[] table, int width, int size)
    {
        double[][] gram = [.. Enumerable.Range(0, width).Select(_ => new double[width])];
        double[] row = new double[width];
        for (int first = 0; first < table.Length; first += width)
        {
            Center(table.AsSpan(first, width), row);
            AddProducts(row, gram);
        }

        _directions = SymmetricEigen.Decompose(gram).Vectors[..size];
        TurnLastToMean();
    }

    /// <summary>Number E of directions.</summary>
    public int Size => _directions.Length;

    /// <summary>A direction [H] as coordinates see it.</summary>
    public double Weight(int direction, int dimension) => _directions[direction][dimension];

    /// <summary>The coordinates of a row without its mean, which a LayerNorm would take out.</summary>
    /// <param name="row">[H].</param>
    /// <param name="coordinates">[E].</param>
    public void Project(ReadOnlySpan<float> row, Span<float> coordinates)
    {
        double[] centered = new double[row.Length];
        Center(row, centered);
        for (int i = 0; i < coordinates.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < centered.Length; j++)
            {
                sum += _directions[i][j] * centered[j];
            }

            coordinates[i] = (float)sum;
        }
    }

    private static void Center(ReadOnlySpan<float> row, double[] centered)
    {
        double sum = 0;
        foreach (float value in row)
        {
            sum += value;
        }

        for (int i = 0; i < row.Length; i++)
        {
            centered[i] = row[i] - (sum / row.Length);
        }
    }

    private static void AddProducts(double[] row, double[][] gram)
    {
        for (int i = 0; i < row.Length; i++)
        {
            double[] products = gram[i];
            double value = row[i];
            for (int j = 0; j <= i; j++)
            {
                products[j] += value * row[j];
                gram[j][i] = products[j];
            }
        }
    }

    /// <summary>Householder's reflection of the coordinates that swaps the last axis with (1, …, 1) / √E.</summary>
    private void TurnLastToMean()
    {
        int size = Size;
        double mean = 1 / Math.Sqrt(size);
        double[] normal = [.. Enumerable.Range(0, size).Select(i => (i == size - 1 ? 1 : 0) - mean)];
        double length = normal.Sum(value => value * value);
        for (int j = 0; length > 0 && j < _directions[0].Length; j++)
        {
            double along = 0;
            for (int i = 0; i < size; i++)
            {
                along += normal[i] * _directions[i][j];
            }

            for (int i = 0; i < size; i++)
            {
                _directions[i][j] -= 2 * along / length * normal[i];
            }
        }
    }
}
