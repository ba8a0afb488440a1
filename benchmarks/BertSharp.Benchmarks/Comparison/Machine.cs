using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace BertSharp.Benchmarks.Comparison;

/// <summary>What the results say of the machine, and whether it is quiet.</summary>
internal static class Machine
{
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(400);

    // The name of a virtual machine's processor may be no more than "AMD EPYC"; family and model tell which it is.
    public static string Processor => $"{Cpu("model name")} (family {Cpu("cpu family")}, model {Cpu("model\t")})";

    public static string System => RuntimeInformation.OSDescription;

    /// <summary>The generation, for names of files: zen5, zen4, or the processor's name.</summary>
    public static string Generation => (Cpu("vendor_id"), Cpu("cpu family"), Avx512F.IsSupported) switch
    {
        ("AuthenticAMD", "26", _) => "zen5",
        ("AuthenticAMD", "25", true) => "zen4",
        ("AuthenticAMD", "25", false) => "zen3",
        _ => string.Concat(Cpu("model name").ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-'),
    };

    /// <summary>The load average of the last minute.</summary>
    public static double LoadAverage => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>The share of the processor's time that others take while nobody is measured.</summary>
    public static double MeasureBusy()
    {
        (long busy, long all) = Times();
        Thread.Sleep(Watch);
        (long busyAfter, long allAfter) = Times();
        return allAfter == all ? 0 : (double)(busyAfter - busy) / (allAfter - all);
    }

    // /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal.
    private static (long Busy, long All) Times()
    {
        long[] times = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
        return (times.Sum() - times[3] - times[4], times.Sum());
    }

    private static string Cpu(string key) => File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) is { } line
        ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
        : "unknown";
}
