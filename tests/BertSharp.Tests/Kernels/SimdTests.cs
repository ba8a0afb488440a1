namespace BertSharp.Tests;

[Collection(Widths.Alone)]
public sealed class SimdTests
{
    [Fact]
    public void Each_width_of_the_machine_can_be_forced_and_is_what_kernels_get() =>
        Widths.ForEach(width => Assert.Equal(width, Widths.Running()));

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(1024)]
    [InlineData(-512)]
    public void Other_widths_are_refused_and_change_nothing(int width)
    {
        int before = Simd.Width;
        Assert.Throws<PlatformNotSupportedException>(() => Simd.Width = width);
        Assert.Equal(before, Simd.Width);
    }

    [Fact]
    public void Products_of_whole_numbers_use_AVX_VNNI_only_where_the_machine_and_the_width_have_it()
    {
        bool before = Simd.UsesVnni;
        try
        {
            Simd.UsesVnni = true;
            Widths.ForEach(width => Assert.Equal(width >= 256 && System.Runtime.Intrinsics.X86.AvxVnni.IsSupported, Simd.UsesVnni));
            Simd.UsesVnni = false;
            Assert.False(Simd.UsesVnni);
        }
        finally
        {
            Simd.UsesVnni = before;
        }
    }
}
