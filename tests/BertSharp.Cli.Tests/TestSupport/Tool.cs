using System.Diagnostics;
using System.Text;

namespace BertSharp.Cli.Tests.TestSupport;

/// <summary>Runs <c>bert</c> as a process: the build for the JIT that lies beside the tests, or the native one of artifacts/aot.</summary>
internal sealed class Tool
{
    private readonly TimeSpan _limit;

    private Tool(string path, int minutes = 4)
    {
        Path = path;
        _limit = TimeSpan.FromMinutes(minutes);
    }

    /// <summary>The names of the builds, for theories.</summary>
    public static TheoryData<string> Builds { get; } = ["JIT", "NativeAOT"];

    public static Tool Jit { get; } = new(System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "bert.exe" : "bert"));

    /// <summary>The program.</summary>
    public string Path { get; }

    /// <summary>The build of that name; skips the running test where the native one was not built.</summary>
    public static Tool Of(string build)
    {
        if (build == "JIT")
        {
            return Jit;
        }

        string native = System.IO.Path.Combine(SharedData.Repository ?? "", "artifacts", "aot", "bert");
        Assert.SkipUnless(File.Exists(native), $"{native} is absent; build it with ./build.sh aot.");
        return new Tool(native);
    }

    /// <summary>A build at another place.</summary>
    public static Tool At(string path) => new(path);

    /// <summary>The same build with more patience, for long suites.</summary>
    public Tool Within(int minutes) => new(Path, minutes);

    public ToolResult Run(params string[] arguments) => RunWith(null, null, arguments);

    /// <summary>Runs with a standard input and environment variables of its own.</summary>
    public ToolResult RunWith(string? input, IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        Run(Describe(Path, arguments, environment), input);

    /// <summary>Runs a line of a shell in which <c>bert</c> is this build.</summary>
    public ToolResult Shell(string line, IReadOnlyDictionary<string, string>? environment = null) =>
        Run(Describe("bash", ["-c", $"bert() {{ '{Path}' \"$@\"; }}; {line}"], environment), null);

    /// <summary>The examples of a verb's help.</summary>
    public string[] Examples(string verb)
    {
        string help = Run(verb, "--help").Succeeded().Output;
        return [.. help.Split("Examples:\n")[1].Split('\n').Where(line => line.Length > 0).Select(line => line.Trim())];
    }

    /// <summary>Starts the program and leaves it to the test; a Ctrl-C reaches it even where the runner ignores them.</summary>
    public Process Start(params string[] arguments) => StartWith(null, arguments);

    /// <summary>Starts the program with environment variables of its own.</summary>
    public Process StartWith(IReadOnlyDictionary<string, string>? environment, params string[] arguments) =>
        Process.Start(Describe("env", ["--default-signal=INT", Path, .. arguments], environment))!;

    private static ProcessStartInfo Describe(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = Workplace.Folder,
        };
        start.Environment["HF_HUB_CACHE"] = Workplace.Cache;
        start.Environment.Remove("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT");
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private ToolResult Run(ProcessStartInfo start, string? input)
    {
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool ended without reading its input, which is its right.
        }

        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"bert {string.Join(' ', start.ArgumentList)} did not end within {_limit}.");
        }

        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }
}
