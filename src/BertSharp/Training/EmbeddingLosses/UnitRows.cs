namespace BertSharp;

/// <summary>The rows of a matrix, each divided by its length: x / |x|.</summary>
internal sealed class UnitRows
{
    private readonly float[] _lengths;

    /// <summary>Normalises the rows of <paramref name="x"/>.</summary>
    /// <param name="x">[n, D].</param>
    /// <param name="values">[n, D], overwritten, and kept for <see cref="AddBackward"/>.</param>
    public UnitRows(Matrix x, Matrix values)
    {
        Values = values;
        _lengths = new float[x.Rows];
        for (int row = 0; row < x.Rows; row++)
        {
            x.RowSpan(row).CopyTo(values.RowSpan(row));
            _lengths[row] = Similarity.Normalize(values.RowSpan(row));
        }
    }

    /// <summary>The unit rows.</summary>
    public Matrix Values { get; }

    /// <summary>Adds weight · dX.</summary>
    /// <param name="dValues">The gradient of <see cref="Values"/>; scratch afterwards.</param>
    /// <param name="weight">A factor.</param>
    /// <param name="dX">[n, D], added to.</param>
    public void AddBackward(Matrix dValues, float weight, Matrix dX)
    {
        for (int row = 0; row < dX.Rows; row++)
        {
            Span<float> gradient = dValues.RowSpan(row);
            Similarity.NormalizeBackward(Values.RowSpan(row), _lengths[row], gradient);
            Arithmetic.AddScaled(dX.RowSpan(row), weight, gradient);
        }
    }
}
