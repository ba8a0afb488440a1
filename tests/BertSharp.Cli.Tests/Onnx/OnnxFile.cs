using Google.Protobuf;

namespace BertSharp.Cli.Tests.Onnx;

/// <summary>A graph read back by Google's Protocol Buffers, independently of the writer: the fields of onnx.proto that the tests ask for.</summary>
internal sealed class OnnxFile
{
    private readonly List<(int Field, object Value)> _model, _graph;

    public OnnxFile(string path)
    {
        _model = Fields(File.ReadAllBytes(path));
        _graph = Fields(Single(_model, 7));
    }

    public long IrVersion => (long)_model.Single(part => part.Field == 1).Value;

    public long Opset => (long)Fields(Single(_model, 8)).Single(part => part.Field == 2).Value;

    public string Producer => Text(_model, 2);

    /// <summary>Op types in the order in which they run.</summary>
    public string[] Ops => [.. Of(_graph, 1).Select(node => Text(node, 4))];

    /// <summary>Names of inputs, or outputs, with their axes.</summary>
    public string[] Inputs => [.. Of(_graph, 11).Select(Describe)];

    public string[] Outputs => [.. Of(_graph, 12).Select(Describe)];

    /// <summary>Shape, type and bytes of each constant.</summary>
    public Dictionary<string, (string Shape, long Type, byte[] Data)> Initializers => Of(_graph, 5).ToDictionary(
        tensor => Text(tensor, 8),
        tensor => (string.Join(',', tensor.Where(part => part.Field == 1).Select(part => part.Value)), (long)tensor.Single(part => part.Field == 2).Value, Single(tensor, 9)));

    /// <summary>Every input of a node that is neither a constant, an input of the graph nor the output of a node before it.</summary>
    public IEnumerable<string> Dangling()
    {
        HashSet<string> known = [.. Initializers.Keys, .. Of(_graph, 11).Select(input => Text(input, 1))];
        foreach (List<(int Field, object Value)> node in Of(_graph, 1))
        {
            foreach (string input in node.Where(part => part.Field == 1).Select(part => Utf8(part.Value)).Where(input => !known.Contains(input)))
            {
                yield return input;
            }

            Assert.True(known.Add(Text(node, 2)), "two values of one name");
        }
    }

    private static string Describe(List<(int Field, object Value)> info)
    {
        List<(int Field, object Value)> tensor = Fields(Single(Fields(Single(info, 2)), 1));
        IEnumerable<object> axes = Of(Fields(Single(tensor, 2)), 1).Select(dimension => dimension.Single()).Select(axis => axis.Field == 2 ? Utf8(axis.Value) : axis.Value);
        return $"{Text(info, 1)}:{tensor.Single(part => part.Field == 1).Value}[{string.Join(',', axes)}]";
    }

    private static IEnumerable<List<(int Field, object Value)>> Of(List<(int Field, object Value)> message, int number) =>
        message.Where(part => part.Field == number).Select(part => Fields((byte[])part.Value));

    private static byte[] Single(List<(int Field, object Value)> message, int number) => (byte[])message.Single(part => part.Field == number).Value;

    private static string Text(List<(int Field, object Value)> message, int number) => Utf8(Single(message, number));

    private static string Utf8(object bytes) => System.Text.Encoding.UTF8.GetString((byte[])bytes);

    private static List<(int Field, object Value)> Fields(byte[] message)
    {
        using CodedInputStream input = new(message);
        List<(int Field, object Value)> fields = [];
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            fields.Add(((int)(tag >> 3), (tag & 7) switch
            {
                0 => input.ReadInt64(),
                2 => input.ReadBytes().ToByteArray(),
                5 => input.ReadFloat(),
                _ => throw new InvalidDataException($"wire type {tag & 7}"),
            }));
        }

        return fields;
    }
}
