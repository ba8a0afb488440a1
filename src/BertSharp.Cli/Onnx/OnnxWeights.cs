using System.Runtime.InteropServices;

namespace BertSharp.Cli.Onnx;

/// <summary>
/// The parameters of a checkpoint as constants of a graph, under their canonical names. They are read when the file is
/// written, one after the other, so that never more than one is in memory.
/// </summary>
internal sealed class OnnxWeights(Checkpoint checkpoint, IReadOnlyList<ParameterInfo> parameters, OnnxGraph graph, IProgress<double>? progress, CancellationToken cancellation)
{
    private const int Piece = 1 << 18;

    private readonly Dictionary<string, ParameterInfo> _parameters = parameters.ToDictionary(parameter => parameter.Name);
    private readonly double _total = parameters.Sum(parameter => parameter.Count);
    private long _written;

    /// <summary>Whether the model has a parameter of this name.</summary>
    public bool Has(string name) => _parameters.ContainsKey(name);

    /// <summary>A parameter as it is.</summary>
    public string Plain(string name)
    {
        ParameterInfo parameter = _parameters[name];
        return graph.Initializer(name, OnnxGraph.Float, parameter.Shape, parameter.Count * sizeof(float), stream => WriteRows(parameter, stream));
    }

    /// <summary>A weight [outputs, inputs] as [inputs, outputs], the order that ONNX's MatMul takes.</summary>
    public string Transposed(string name)
    {
        ParameterInfo parameter = _parameters[name];
        return graph.Initializer(name + ".T", OnnxGraph.Float, parameter.Shape.Reverse(), parameter.Count * sizeof(float), stream => WriteColumns(parameter, stream));
    }

    private void WriteRows(ParameterInfo parameter, Stream stream)
    {
        TensorInfo tensor = Find(parameter);
        int rows = (int)parameter.Shape[0], columns = (int)(parameter.Count / rows);
        int step = Math.Max(1, Piece / columns);
        float[] buffer = new float[step * columns];
        for (int row = 0; row < rows; row += step)
        {
            int count = Math.Min(step, rows - row);
            Span<float> values = buffer.AsSpan(0, count * columns);
            checkpoint.ReadRows(tensor, row, count, values);
            Write(values, stream);
        }
    }

    private void WriteColumns(ParameterInfo parameter, Stream stream)
    {
        int rows = (int)parameter.Shape[0], columns = (int)parameter.Shape[1];
        float[] values = new float[parameter.Count], column = new float[rows];
        checkpoint.Read(Find(parameter), values);
        for (int i = 0; i < columns; i++)
        {
            for (int row = 0; row < rows; row++)
            {
                column[row] = values[(row * columns) + i];
            }

            Write(column, stream);
        }
    }

    private TensorInfo Find(ParameterInfo parameter)
    {
        checkpoint.TryFind(parameter.Name, out TensorInfo tensor); // There, as was checked before the graph was made.
        return tensor;
    }

    private void Write(ReadOnlySpan<float> values, Stream stream)
    {
        cancellation.ThrowIfCancellationRequested();
        stream.Write(MemoryMarshal.AsBytes(values));
        _written += values.Length;
        progress?.Report(_written / _total);
    }
}
