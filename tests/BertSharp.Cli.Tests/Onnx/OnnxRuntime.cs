using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BertSharp.Cli.Tests.Onnx;

/// <summary>ONNX Runtime in a process of node: the peer that must read our graphs. BERTSHARP_ORT names the node_modules that hold onnxruntime-node.</summary>
internal static class OnnxRuntime
{
    private static string Modules => Environment.GetEnvironmentVariable("BERTSHARP_ORT") ?? Path.Combine(SharedData.Repository ?? "", "..", "node_modules");

    /// <summary>Runs a graph on int64 inputs of one shape and gives its outputs; skips the running test where there is no ONNX Runtime.</summary>
    public static Dictionary<string, Values> Run(string model, int[] shape, params (string Name, int[] Data)[] inputs)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Modules, "onnxruntime-node")), $"{Modules}/onnxruntime-node is absent; npm i --ignore-scripts onnxruntime-node, and set BERTSHARP_ORT to its node_modules.");
        JsonObject all = new(inputs.Select(input => KeyValuePair.Create(input.Name, (JsonNode?)new JsonObject
        {
            ["dims"] = new JsonArray([.. shape.Select(size => (JsonNode)size)]),
            ["data"] = new JsonArray([.. input.Data.Select(value => (JsonNode)value)]),
        })));
        using JsonDocument outputs = JsonDocument.Parse(Run(model, all.ToJsonString()));
        return outputs.RootElement.EnumerateObject().ToDictionary(output => output.Name, output => new Values(
            [.. output.Value.GetProperty("dims").EnumerateArray().Select(size => size.GetInt32())],
            [.. output.Value.GetProperty("data").EnumerateArray().Select(value => value.GetSingle())]));
    }

    private static string Run(string model, string input)
    {
        ProcessStartInfo start = new("node", [Path.Combine(AppContext.BaseDirectory, "Onnx", "run-onnx.js"), model])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BERTSHARP_ORT"] = Modules;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{model}: {error.Result}");
        return output.Result;
    }

    /// <summary>One output.</summary>
    internal sealed record Values(int[] Shape, float[] Data);
}
