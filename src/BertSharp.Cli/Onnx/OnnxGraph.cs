using System.Buffers.Binary;

namespace BertSharp.Cli.Onnx;

/// <summary>
/// A graph in the making (<c>GraphProto</c> of onnx.proto): nodes in the order in which they run, constants, inputs and
/// outputs. A value is known by its name; every method that adds a node gives the name of what it computes.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>Element types of <c>TensorProto</c>.</summary>
    public const int Float = 1, Int64 = 7;

    private readonly List<ProtoMessage> _nodes = [], _initializers = [], _inputs = [], _outputs = [];
    private readonly HashSet<string> _constants = [];

    /// <summary>The part of the model to which the next nodes belong; their names begin with it.</summary>
    public string Scope { get; set; } = "";

    /// <summary>An input of whole numbers; a dimension is the name of an axis.</summary>
    public string Input(string name, params ReadOnlySpan<string> axes)
    {
        _inputs.Add(ValueInfo(name, Int64, axes));
        return name;
    }

    /// <summary>Makes a value an output of floats; a dimension is the name of an axis, or a number.</summary>
    public void Output(string name, string value, params ReadOnlySpan<string> axes)
    {
        _nodes.Add(Node("Identity", name, [value], []));
        _outputs.Add(ValueInfo(name, Float, axes));
    }

    /// <summary>Adds a node with one output.</summary>
    public string Add(string op, ReadOnlySpan<string> inputs, params ReadOnlySpan<ProtoMessage> attributes)
    {
        string output = $"{Scope}/{op}_{_nodes.Count}";
        _nodes.Add(Node(op, output, inputs, attributes));
        return output;
    }

    /// <summary>A list of whole numbers.</summary>
    public string Constant(params ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return Constant($"int64[{string.Join(",", values.ToArray())}]", Int64, [values.Length], bytes);
    }

    /// <summary>A single whole number without dimensions.</summary>
    public string Scalar(long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Constant(FormattableString.Invariant($"int64:{value}"), Int64, [], bytes);
    }

    /// <summary>A single float without dimensions.</summary>
    public string Scalar(float value)
    {
        byte[] bytes = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Constant(FormattableString.Invariant($"float:{value:R}"), Float, [], bytes);
    }

    /// <summary>A constant whose bytes are written at the end; one of that name is taken as it is.</summary>
    public string Initializer(string name, int type, IEnumerable<long> shape, long length, Action<Stream> write)
    {
        if (_constants.Add(name))
        {
            _initializers.Add(new ProtoMessage().Numbers(1, shape).Number(2, type).Text(8, name).Content(9, length, write));
        }

        return name;
    }

    /// <summary>The finished <c>GraphProto</c>.</summary>
    public ProtoMessage ToMessage(string name) => new ProtoMessage()
        .Messages(1, _nodes).Text(2, name).Messages(5, _initializers).Messages(11, _inputs).Messages(12, _outputs);

    private string Constant(string name, int type, IEnumerable<long> shape, byte[] bytes) =>
        Initializer(name, type, shape, bytes.Length, stream => stream.Write(bytes));

    private static ProtoMessage Node(string op, string output, ReadOnlySpan<string> inputs, ReadOnlySpan<ProtoMessage> attributes)
    {
        ProtoMessage node = new();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(3, output).Text(4, op).Messages(5, attributes.ToArray());
    }

    // ValueInfoProto { name, TypeProto { Tensor { elem_type, TensorShapeProto { dim } } } }
    private static ProtoMessage ValueInfo(string name, int type, ReadOnlySpan<string> axes)
    {
        ProtoMessage shape = new();
        foreach (string axis in axes)
        {
            shape.Message(1, int.TryParse(axis, out int size) ? new ProtoMessage().Number(1, size) : new ProtoMessage().Text(2, axis));
        }

        ProtoMessage tensor = new ProtoMessage().Number(1, type).Message(2, shape);
        return new ProtoMessage().Text(1, name).Message(2, new ProtoMessage().Message(1, tensor));
    }
}
