namespace BertSharp.Tests;

public sealed class VectorDropTests
{
    [Fact]
    public void The_drop_is_one_less_the_first_percentile_as_NumPy_has_it()
    {
        // Cosines 1 - i/1000 of unit vectors in the plane; np.percentile(c, 1) lies 0.99 of the way between the two lowest of 100.
        double[] cosines = [.. Enumerable.Range(0, 100).Select(i => 1 - (i / 1000.0))];
        float[][] expected = [.. cosines.Select(_ => new float[] { 2, 0 })];
        float[][] found = [.. cosines.Select(cosine => new[] { (float)cosine, (float)Math.Sqrt(1 - (cosine * cosine)) })];
        QuantizationDrop drop = VectorDrop.Of(expected, found);
        Assert.Equal(0.09801, drop.Drop, 5);
        Assert.Equal(0.099, drop.Largest, 5);
    }

    [Fact]
    public void The_same_vectors_have_no_drop_whatever_they_are()
    {
        Assert.Equal(default, VectorDrop.Of([[0.3f, 4e20f]], [[0.3f, 4e20f]]));
        Assert.Equal(default, VectorDrop.Of([[0, 0]], [[0, 0]]));
        Assert.Equal(default, VectorDrop.Of([[1e-30f, -1e-30f]], [[2e-30f, -2e-30f]]));
    }

    [Fact]
    public void What_is_no_number_is_as_far_as_can_be()
    {
        Assert.Equal(new QuantizationDrop(2, 2), VectorDrop.Of([[1, 2]], [[1, float.NaN]]));
        Assert.Equal(new QuantizationDrop(2, 2), VectorDrop.Of([[1, 2]], [[0, 0]]));
        Assert.Equal(new QuantizationDrop(2, 2), VectorDrop.Of([[1, 2]], [[float.PositiveInfinity, 2]]));
    }
}
