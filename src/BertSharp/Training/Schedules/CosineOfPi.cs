namespace BertSharp;

/// <summary>cos(πx) in double from + − × alone, so that learning rates and starting weights have the same bits on every machine.</summary>
internal static class CosineOfPi
{
    /// <summary>cos(πx), within 1e-15.</summary>
    /// <param name="x">0 to 1: what a schedule needs.</param>
    public static double Of(double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x, 1);

        // Both series run over 0 … π/4: cos(πx) = −cos(π(1 − x)) = sin(π(1/2 − x)).
        return x > 0.5 ? -Of(1 - x) : x > 0.25 ? Sine(Math.PI * (0.5 - x)) : Cosine(Math.PI * x);
    }

    /// <summary>sin(πx) and cos(πx) of any finite x.</summary>
    public static (double Sine, double Cosine) SinCos(double x)
    {
        return (Cosine(x - 0.5), Cosine(x));

        static double Cosine(double x)
        {
            double turn = Math.Abs(x) % 2;
            return Of(turn <= 1 ? turn : 2 - turn);
        }
    }

    // Taylor's series to the term below 2⁻⁵³ at π/4, by Horner.
    private static double Cosine(double t)
    {
        double sum = 1, square = t * t;
        for (int n = 16; n > 0; n -= 2)
        {
            sum = 1 - (sum * square / (n * (n - 1)));
        }

        return sum;
    }

    private static double Sine(double t)
    {
        double sum = 1, square = t * t;
        for (int n = 17; n > 1; n -= 2)
        {
            sum = 1 - (sum * square / (n * (n - 1)));
        }

        return t * sum;
    }
}
