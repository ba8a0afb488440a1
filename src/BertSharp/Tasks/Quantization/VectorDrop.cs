namespace BertSharp;

/// <summary>How far vectors lie from others, by their cosines.</summary>
internal static class VectorDrop
{
    /// <summary>1 − the first percentile (between neighbours in proportion, as NumPy has it) and 1 − the smallest cosine.</summary>
    public static QuantizationDrop Of(float[][] expected, float[][] found)
    {
        double[] cosines = [.. expected.Zip(found, Cosine).Order()];
        double place = (cosines.Length - 1) / 100.0;
        int below = (int)place, above = Math.Min(below + 1, cosines.Length - 1);
        double percentile = cosines[below] + ((place - below) * (cosines[above] - cosines[below]));
        return new QuantizationDrop(Math.Max(0, 1 - percentile), Math.Max(0, 1 - cosines[0]));
    }

    // In double: bfloat16 moves a cosine by less than float32 shows. A vector that is no number is as far as can be.
    private static double Cosine(float[] a, float[] b)
    {
        double dot = 0, ofA = 0, ofB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            ofA += (double)a[i] * a[i];
            ofB += (double)b[i] * b[i];
        }

        double cosine = dot / Math.Sqrt(ofA * ofB);
        return !double.IsNaN(cosine) ? cosine
            : a.AsSpan().SequenceEqual(b) && ofA == 0 ? 1
            : -1;
    }
}
