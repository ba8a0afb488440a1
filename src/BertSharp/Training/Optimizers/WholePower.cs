namespace BertSharp;

/// <summary>xⁿ for whole n by squaring: Math.Pow differs among platforms.</summary>
internal static class WholePower
{
    /// <summary>xⁿ; 1 for n = 0.</summary>
    public static double Of(double x, long n)
    {
        double power = 1;
        for (; n > 0; n >>= 1, x *= x)
        {
            power = (n & 1) == 1 ? power * x : power;
        }

        return power;
    }
}
