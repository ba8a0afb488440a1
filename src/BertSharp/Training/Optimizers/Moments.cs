namespace BertSharp;

/// <summary>Adam's two moments of every value, in the layout of the parameters, each parameter on a cache line of its own.</summary>
internal sealed unsafe class Moments : IDisposable
{
    private readonly AlignedBuffer _first;
    private readonly AlignedBuffer _second;
    private readonly long[] _offsets;
    private readonly long[] _lengths;

    /// <summary>Moments of zero.</summary>
    public Moments(IReadOnlyList<TrainedParameter> parameters)
    {
        _lengths = [.. parameters.Select(parameter => parameter.Length)];
        _offsets = new long[_lengths.Length];
        long length = 0;
        for (int i = 0; i < _lengths.Length; i++)
        {
            _offsets[i] = length;
            length = checked(length + ((_lengths[i] + 15) / 16 * 16));
        }

        _first = new AlignedBuffer(length);
        _second = new AlignedBuffer(length);
        for (int i = 0; i < _lengths.Length; i++)
        {
            FirstValues(i).Clear();
            SecondValues(i).Clear();
        }
    }

    /// <summary>Running mean of a parameter's gradient.</summary>
    public float* First(int parameter) => _first.Pointer + _offsets[parameter];

    /// <summary>Running mean of its square.</summary>
    public float* Second(int parameter) => _second.Pointer + _offsets[parameter];

    /// <summary><see cref="First"/> as a span.</summary>
    public Span<float> FirstValues(int parameter) => new(First(parameter), checked((int)_lengths[parameter]));

    /// <summary><see cref="Second"/> as a span.</summary>
    public Span<float> SecondValues(int parameter) => new(Second(parameter), checked((int)_lengths[parameter]));

    /// <inheritdoc/>
    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
