namespace BertSharp;

/// <summary>
/// How alike two vectors are: greater is more alike, as in sentence-transformers, where distances are negative.
/// </summary>
public static unsafe class Similarity
{
    private const float Shortest = 1e-12f;

    /// <summary>a·b / (|a|·|b|), −1 … 1; 0 where a vector is zero.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float lengths = float.Sqrt(Dot(a, a)) * float.Sqrt(Dot(b, b));
        return lengths > 0 ? Dot(a, b) / lengths : 0;
    }

    /// <summary>Σ aᵢ·bᵢ.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Sum<ProductStep>(a, b);

    /// <summary>−√Σ (aᵢ − bᵢ)².</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Euclidean(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => -float.Sqrt(Sum<SquaredDifferenceStep>(a, b));

    /// <summary>−Σ |aᵢ − bᵢ|.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Manhattan(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => -Sum<AbsoluteDifferenceStep>(a, b);

    /// <summary>The score of one of the functions.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static float Score(SimilarityFunction function, ReadOnlySpan<float> a, ReadOnlySpan<float> b) => function switch
    {
        SimilarityFunction.Cosine => Cosine(a, b),
        SimilarityFunction.Dot => Dot(a, b),
        SimilarityFunction.Euclidean => Euclidean(a, b),
        SimilarityFunction.Manhattan => Manhattan(a, b),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "Not a similarity function."),
    };

    /// <summary>x ← x / max(|x|, 1e-12), as torch does; a zero vector stays zero.</summary>
    /// <returns>The divisor.</returns>
    internal static float Normalize(Span<float> x)
    {
        float length = float.Max(float.Sqrt(Dot(x, x)), Shortest);
        Arithmetic.Divide(x, length);
        return length;
    }

    /// <summary>dX = (dY − (y·dY)·y) / |x| for y = x / |x|, in the place of dY; dY / 1e-12 where x is shorter than that.</summary>
    /// <param name="unit">What <see cref="Normalize"/> made.</param>
    /// <param name="length">What it gave.</param>
    /// <param name="gradient">dY, overwritten by dX.</param>
    internal static void NormalizeBackward(ReadOnlySpan<float> unit, float length, Span<float> gradient)
    {
        if (length > Shortest)
        {
            Arithmetic.AddScaled(gradient, -Dot(unit, gradient), unit);
        }

        Arithmetic.Divide(gradient, length);
    }

    private static float Sum<S>(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
        where S : struct, IPairStep
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"The vectors have {a.Length} and {b.Length} values; expected equal lengths.");
        }

        float result;
        fixed (float* x = a, y = b)
        {
            Simd.Run(new SumKernel<S>(x, y, a.Length, &result));
        }

        return result;
    }

    private readonly struct SumKernel<S>(float* x, float* y, int length, float* result) : IKernel
        where S : struct, IPairStep
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
            => *result = PartialSums.OfPairs<L, V, S>(x, y, length);
    }
}
