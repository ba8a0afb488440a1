namespace BertSharp;

/// <summary>
/// Vectors of whole numbers −127 … 127 with one scale each: xᵢ ≈ scale·nᵢ. A vector needs no sample of others to be scaled.
/// </summary>
internal static class SymmetricInt8
{
    /// <summary>The largest whole number; −128 is not used, so that the range is symmetric.</summary>
    public const float Largest = 127f;

    /// <summary>values ← x / scale to the nearest, ties to even; scale = max |x| / 127.</summary>
    /// <returns>The scale; 0 for a vector of zeros.</returns>
    public static float Quantize(ReadOnlySpan<float> x, Span<sbyte> values)
    {
        float largest = 0;
        foreach (float value in x)
        {
            largest = float.Abs(value) > largest ? float.Abs(value) : largest;
        }

        float scale = largest / Largest;
        for (int i = 0; i < x.Length; i++)
        {
            // A scale of a subnormal number is coarse: the quotient may be larger than 127.
            values[i] = scale > 0 ? (sbyte)Math.Clamp(float.Round(x[i] / scale), -Largest, Largest) : (sbyte)0;
        }

        return scale;
    }
}
