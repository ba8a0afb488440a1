using System.Collections.Immutable;

namespace BertSharp.Tests;

/// <summary>Parameters for optimizers, with memory of their own for values and gradients.</summary>
internal sealed unsafe class SmallParameters : IDisposable
{
    private readonly List<AlignedBuffer> _memory = [];
    private readonly List<TrainedParameter> _all = [];

    /// <summary>All of them.</summary>
    public IReadOnlyList<TrainedParameter> All => _all;

    /// <summary>Adds one of zeros; the layout may be longer than the shape, as panels are.</summary>
    public TrainedParameter Add(string name, int count, ParameterPart part = ParameterPart.Head, int layer = -1, int filling = 0)
    {
        AlignedBuffer values = new(count + filling), gradients = new(count + filling);
        _memory.AddRange([values, gradients]);
        _all.Add(new TrainedParameter(new ParameterInfo(name, ImmutableArray.Create<long>(count), part, layer), (nint)values.Pointer, (nint)gradients.Pointer, count + filling));
        _all[^1].Values.Clear();
        _all[^1].Gradients.Clear();
        return _all[^1];
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.ForEach(buffer => buffer.Dispose());
}
