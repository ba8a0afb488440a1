namespace BertSharp.Tests;

/// <summary>
/// Sums and quotients over every length, against guard pages: one rounding a value, so the slow twin is the scalar
/// operation, and bits are equal.
/// </summary>
[Collection(Widths.Alone)]
public sealed unsafe class ArithmeticTests
{
    public enum Operation
    {
        Add,
        Divide,
    }

    [Theory]
    [InlineData(Operation.Add)]
    [InlineData(Operation.Divide)]
    public void Every_length_gives_the_bits_of_the_scalar_operation_between_guard_pages(Operation operation)
    {
        using GuardedMemory left = new(130), right = new(130);
        for (int length = 0; length <= 130; length++)
        {
            float[] x = Numbers.Array(length, seed: length, range: 1e3f), y = Numbers.Array(length, seed: length + 1);
            float factor = 1f / 3 * (length + 1);
            float[] expected = [.. x.Zip(y, (a, b) => operation switch { Operation.Add => a + b, _ => a / factor })];
            foreach (Guard guard in Enum.GetValues<Guard>())
            {
                Widths.ForEach(width =>
                {
                    float* a = left.At(guard, length), b = right.At(guard, length);
                    x.CopyTo(new Span<float>(a, length));
                    y.CopyTo(new Span<float>(b, length));
                    Simd.Run(new Kernel(operation, a, b, factor, length));
                    Numbers.AssertSameBits(expected, new Span<float>(a, length), $"{operation}, length {length}, width {width}, guard {guard}");
                    Numbers.AssertSameBits(y, new Span<float>(b, length), "the right-hand side");
                });
            }
        }
    }

    [Fact]
    public void Spans_of_two_lengths_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Arithmetic.Add(new float[5], new float[4]));

    private readonly struct Kernel(Operation operation, float* x, float* y, float factor, int length) : IKernel
    {
        public void Run<L, V>()
            where L : struct, ILane<V>
            where V : struct
        {
            switch (operation)
            {
                case Operation.Add: Arithmetic.Add(new Span<float>(x, length), new Span<float>(y, length)); break;
                default: Arithmetic.Divide<L, V>(x, factor, length); break;
            }
        }
    }
}
