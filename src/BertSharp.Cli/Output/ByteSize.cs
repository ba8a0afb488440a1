using System.Globalization;

namespace BertSharp.Cli.Output;

/// <summary>Sizes for people, in powers of 1000 as Hugging Face shows them.</summary>
internal static class ByteSize
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB"];

    /// <summary>Such as <c>90.9 MB</c>.</summary>
    public static string Text(long bytes)
    {
        if (bytes < 1000)
        {
            return $"{bytes} B";
        }

        double value = bytes / 1000.0;
        int unit = 0;
        for (; value >= 1000 && unit < Units.Length - 1; unit++)
        {
            value /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}");
    }
}
