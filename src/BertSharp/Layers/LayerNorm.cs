namespace BertSharp;

/// <summary>LayerNorm with its gain γ [H] and bias β [H] (Ba, Kiros, Hinton 2016); ε stands inside the square root.</summary>
internal sealed class LayerNorm(Parameter weight, Parameter bias, float epsilon)
{
    /// <summary>Normalises this member's share of the rows of <paramref name="x"/> [T, H] into <paramref name="y"/>, which may be <paramref name="x"/>.</summary>
    public void Forward(Matrix x, Matrix y, RowStatistics statistics, Team team)
    {
        (int row, int rows) = team.Share(x.Rows);
        LayerNormalization.Forward(x.Slice(row, rows), weight.Values, bias.Values, epsilon, y.Slice(row, rows), statistics.From(row));
    }

    /// <summary>Replaces <paramref name="dY"/> [T, H] by the gradient of <paramref name="x"/>; all of it is there when this returns.</summary>
    public void Backward(Matrix x, RowStatistics statistics, Matrix dY, Team team)
    {
        if (weight.Gradient is not null || bias.Gradient is not null)
        {
            // Where one of the two is frozen, its gradient is thrown away.
            (int first, int columns) = Linear.ShareOfColumns(x.Columns, team);
            Span<float> dWeight = weight.Gradient is { } w ? w.Mutable.Slice(first, columns) : new float[columns];
            Span<float> dBias = bias.Gradient is { } b ? b.Mutable.Slice(first, columns) : new float[columns];
            LayerNormalization.BackwardParameters(x.SliceColumns(first, columns), statistics, dY.SliceColumns(first, columns), dWeight, dBias);
            team.Meet();
        }

        (int row, int rows) = team.Share(x.Rows);
        LayerNormalization.Backward(x.Slice(row, rows), statistics.From(row), weight.Values, dY.Slice(row, rows));
        team.Meet();
    }
}
