namespace BertSharp;

/// <summary>
/// From the vectors of a sequence's tokens [S, H] to one vector [H] (sentence-transformers' <c>Pooling</c>;
/// Reimers, Gurevych 2019, section 3). Sums run over tokens ascending, so a text's mates do not change a bit.
/// </summary>
internal static class Pooling
{
    /// <summary>The sum over <paramref name="divisor"/>: mean (S), or mean by the root of the length (√S).</summary>
    public static void Sum(Matrix tokens, float divisor, Span<float> vector)
    {
        vector.Clear();
        for (int row = 0; row < tokens.Rows; row++)
        {
            Arithmetic.Add(vector, tokens.RowSpan(row));
        }

        Arithmetic.Divide(vector, divisor);
    }

    /// <summary>Σ (i + 1)·xᵢ / Σ (i + 1).</summary>
    public static void WeightedMean(Matrix tokens, int firstWeight, Span<float> vector)
    {
        vector.Clear();
        float total = 0;
        for (int row = 0; row < tokens.Rows; row++)
        {
            float weight = firstWeight + row;
            Arithmetic.AddScaled(vector, weight, tokens.RowSpan(row));
            total += weight;
        }

        Arithmetic.Divide(vector, total);
    }

    /// <summary>The largest value of each dimension.</summary>
    public static void Max(Matrix tokens, Span<float> vector)
    {
        vector.Fill(float.NegativeInfinity);
        for (int row = 0; row < tokens.Rows; row++)
        {
            Span<float> values = tokens.RowSpan(row);
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = vector[i] < values[i] ? values[i] : vector[i];
            }
        }
    }

    /// <summary>
    /// Adds the gradient of <see cref="Sum"/>: every token's is dVector / divisor. Poolings of one sequence add up, so these
    /// gradients are added to what is there.
    /// </summary>
    public static void SumBackward(ReadOnlySpan<float> dVector, float divisor, Matrix dTokens)
    {
        for (int row = 0; row < dTokens.Rows; row++)
        {
            Span<float> gradient = dTokens.RowSpan(row);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += dVector[i] / divisor;
            }
        }
    }

    /// <summary>Adds the gradient of <see cref="WeightedMean"/>: token i's is (i + 1) / Σ (i + 1) · dVector.</summary>
    public static void WeightedMeanBackward(ReadOnlySpan<float> dVector, int firstWeight, Matrix dTokens)
    {
        float total = 0;
        for (int row = 0; row < dTokens.Rows; row++)
        {
            total += firstWeight + row;
        }

        for (int row = 0; row < dTokens.Rows; row++)
        {
            Arithmetic.AddScaled(dTokens.RowSpan(row), (firstWeight + row) / total, dVector);
        }
    }

    /// <summary>Adds the gradient of <see cref="Max"/>: it goes to the first token that has the largest value.</summary>
    public static void MaxBackward(Matrix tokens, ReadOnlySpan<float> dVector, Matrix dTokens)
    {
        for (int i = 0; tokens.Rows > 0 && i < dVector.Length; i++)
        {
            int largest = 0;
            for (int row = 1; row < tokens.Rows; row++)
            {
                largest = tokens.RowSpan(largest)[i] < tokens.RowSpan(row)[i] ? row : largest;
            }

            dTokens.RowSpan(largest)[i] += dVector[i];
        }
    }
}
