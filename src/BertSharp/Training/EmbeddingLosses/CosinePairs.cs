namespace BertSharp;

/// <summary>The cosine of each row of one matrix with the same row of another, in float64.</summary>
internal sealed class CosinePairs
{
    /// <summary>torch's floor of a length: the cosine of a zero vector is 0.</summary>
    private const double Shortest = 1e-12;

    private readonly Matrix _left;
    private readonly Matrix _right;
    private readonly double[] _cosines;

    /// <summary>Computes them.</summary>
    /// <param name="left">[n, D].</param>
    /// <param name="right">[n, D].</param>
    public CosinePairs(Matrix left, Matrix right)
    {
        _left = left;
        _right = right;
        _cosines = new double[left.Rows];
        for (int i = 0; i < _cosines.Length; i++)
        {
            Span<float> a = left.RowSpan(i), b = right.RowSpan(i);
            _cosines[i] = Dot(a, b) / (Length(a) * Length(b));
        }
    }

    /// <summary>The cosine of a pair.</summary>
    public double this[int pair] => _cosines[pair];

    /// <summary>Adds the gradients of a pair: dA += dCos · (b/|b| − cos · a/|a|) / |a|, and so for b.</summary>
    public void AddBackward(int pair, double dCosine, Matrix dLeft, Matrix dRight)
    {
        Span<float> a = _left.RowSpan(pair), b = _right.RowSpan(pair), dA = dLeft.RowSpan(pair), dB = dRight.RowSpan(pair);
        double lengthA = Length(a), lengthB = Length(b), cosine = _cosines[pair];
        for (int i = 0; i < a.Length; i++)
        {
            double unitA = a[i] / lengthA, unitB = b[i] / lengthB;
            dA[i] += (float)(dCosine * (unitB - (cosine * unitA)) / lengthA);
            dB[i] += (float)(dCosine * (unitA - (cosine * unitB)) / lengthB);
        }
    }

    private static double Length(Span<float> x) => Math.Max(Math.Sqrt(Dot(x, x)), Shortest);

    private static double Dot(Span<float> x, Span<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
