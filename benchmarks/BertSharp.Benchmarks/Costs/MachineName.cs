namespace BertSharp.Benchmarks;

/// <summary>The processor's name, for a result and the name of its file.</summary>
internal static class MachineName
{
    public static string Cpu { get; } = Find();

    /// <summary>The same in lower case, with a dash for each character that a file name would rather not have.</summary>
    public static string File { get; } = string.Concat(Cpu.ToLowerInvariant().Select(unit => char.IsAsciiLetterOrDigit(unit) ? unit : '-'));

    // The name of a virtual machine's processor may be no more than "AMD EPYC"; family and model tell which it is.
    private static string Find()
    {
        string[] lines = [.. System.IO.File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0)];
        string Field(string name) => lines.First(line => line.Split(':')[0].Trim() == name).Split(':')[1].Trim();
        return $"{Field("model name")} family {Field("cpu family")} model {Field("model")}";
    }
}
