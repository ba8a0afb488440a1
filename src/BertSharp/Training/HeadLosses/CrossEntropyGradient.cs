namespace BertSharp;

/// <summary>Cross entropy of one row: −log softmax(x)[label], whose gradient is softmax(x) − e_label.</summary>
internal static class CrossEntropyGradient
{
    /// <summary>From this many classes on, the loss comes from the float32 probability: a logarithm instead of a sum of exponentials.</summary>
    private const int ManyClasses = 256;

    /// <summary>Replaces a row of logits by weight × gradient.</summary>
    /// <returns>weight × loss.</returns>
    public static double Run(Matrix row, int label, double weight)
    {
        Span<float> values = row.RowSpan(0);
        if ((uint)label >= (uint)values.Length)
        {
            throw new ArgumentException($"The label {label} is not one of 0 … {values.Length - 1}, nor {Losses.Ignored} (ignored).");
        }

        double loss = values.Length < ManyClasses ? Losses.NegativeLogLikelihood(values, label) : 0;
        float logit = values[label], most = values.Length < ManyClasses ? 0 : Largest(values);
        Softmax.Forward(row);
        if (values.Length >= ManyClasses)
        {
            // The probability of a very unlikely label is too small a float32; that of the likeliest never is.
            loss = (most == logit ? 0 : most - (double)logit) - Math.Log(Largest(values));
        }

        values[label] -= 1f;
        Arithmetic.Scale(values, (float)weight);
        return loss * weight;
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        float most = float.NegativeInfinity;
        foreach (float value in values)
        {
            most = most < value ? value : most;
        }

        return most;
    }
}
