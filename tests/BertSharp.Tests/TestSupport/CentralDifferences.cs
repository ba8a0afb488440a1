namespace BertSharp.Tests;

/// <summary>Gradients of a function in float64 by central differences, h = 1e-5.</summary>
internal static class CentralDifferences
{
    private const double Step = 1e-5;

    /// <summary>Asserts that a gradient agrees within a share of the largest one.</summary>
    public static void AssertAgree(Func<double[], double> function, ReadOnlySpan<float> at, ReadOnlySpan<float> gradient, double tolerance = 1e-4)
    {
        double[] x = [.. at.ToArray().Select(value => (double)value)];
        double[] expected = [.. Enumerable.Range(0, x.Length).Select(i => (Shifted(function, x, i, Step) - Shifted(function, x, i, -Step)) / (2 * Step))];
        AssertClose(expected, gradient, tolerance);
        Assert.True(expected.Max(Math.Abs) > 1e-6, "There is no gradient to compare.");
    }

    /// <summary>Asserts that values agree within a share of the largest one.</summary>
    public static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<float> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        double largest = 0;
        foreach (double value in expected)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }

        for (int i = 0; i < found.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * largest, $"value {i}: {found[i]}, expected {expected[i]} (largest {largest})");
        }
    }

    private static double Shifted(Func<double[], double> function, double[] x, int index, double step)
    {
        double[] moved = [.. x];
        moved[index] += step;
        return function(moved);
    }
}
