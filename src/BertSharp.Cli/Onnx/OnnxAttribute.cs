namespace BertSharp.Cli.Onnx;

/// <summary>Attributes of a node: <c>AttributeProto</c> of onnx.proto.</summary>
internal static class OnnxAttribute
{
    private const int TypeFloat = 1, TypeInt = 2, TypeInts = 7;

    public static ProtoMessage Single(string name, float value) => Of(name, TypeFloat).Single(2, value);

    public static ProtoMessage Number(string name, long value) => Of(name, TypeInt).Number(3, value);

    public static ProtoMessage Numbers(string name, params ReadOnlySpan<long> values) => Of(name, TypeInts).Numbers(8, values.ToArray());

    private static ProtoMessage Of(string name, int type) => new ProtoMessage().Text(1, name).Number(20, type);
}
