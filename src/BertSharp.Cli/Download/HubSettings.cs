using System.Globalization;

namespace BertSharp.Cli.Download;

/// <summary>Where models come from and go to, by the environment variables of huggingface_hub (constants.py).</summary>
internal sealed record HubSettings
{
    /// <summary>HF_ENDPOINT: the Hub, or a mirror of it.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The endpoint without a slash at the end, to go on from and to show.</summary>
    public string Address => Endpoint.AbsoluteUri.TrimEnd('/');

    /// <summary>The folder of the models, <see cref="HubCache.Folder"/>.</summary>
    public required string Cache { get; init; }

    /// <summary>HF_TOKEN, or what <c>hf auth login</c> left in a file; null: none.</summary>
    public string? Token { get; init; }

    /// <summary>HF_HUB_OFFLINE: only the cache is asked.</summary>
    public bool Offline { get; init; }

    /// <summary>Whether snapshots link to blobs; HF_HUB_DISABLE_SYMLINKS, and a system without links, put the files there themselves.</summary>
    public bool Links { get; init; } = true;

    /// <summary>HF_HUB_DOWNLOAD_TIMEOUT, in seconds: a server that sends nothing for so long is asked again.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Times the waits between attempts.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Reads the environment.</summary>
    /// <exception cref="CliException">A variable has a value that cannot be meant.</exception>
    public static HubSettings FromEnvironment(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        HubSettings settings = new()
        {
            Endpoint = ReadEndpoint(Value("HF_ENDPOINT") ?? "https://huggingface.co"),
            Cache = Path.GetFullPath(HubCache.Folder(environment)),
            Token = ReadToken(Value("HF_TOKEN") ?? Value("HUGGING_FACE_HUB_TOKEN"), Value("HF_TOKEN_PATH") ?? Path.Combine(HubCache.Home(environment), "token")),
            Offline = IsTrue("HF_HUB_OFFLINE") || IsTrue("TRANSFORMERS_OFFLINE"),
            Links = !IsTrue("HF_HUB_DISABLE_SYMLINKS"),
        };
        return Value("HF_HUB_DOWNLOAD_TIMEOUT") is { } seconds ? settings with { Stall = ReadSeconds(seconds) } : settings;

        string? Value(string name) => environment(name) is { Length: > 0 } value ? value : null;
        bool IsTrue(string name) => Value(name)?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
    }

    private static Uri ReadEndpoint(string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http" && uri is { UserInfo: "", Query: "", Fragment: "" }
            ? uri
            : throw new CliException($"HF_ENDPOINT is '{Shown.Of(text)}'; expected an address such as https://huggingface.co");

    private static string? ReadToken(string? variable, string file)
    {
        string? token = (variable ?? (File.Exists(file) ? File.ReadAllText(file) : null))?.Trim();
        return string.IsNullOrEmpty(token) ? null
            : token.All(c => c is > ' ' and < '\u007f') ? token
            : throw new CliException($"the token in {(variable is null ? file : "HF_TOKEN")} has characters that no token has; expected one such as hf_…");
    }

    private static TimeSpan ReadSeconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is >= 1 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new CliException($"HF_HUB_DOWNLOAD_TIMEOUT is '{Shown.Of(text)}'; expected seconds, 1 to 86400");
}
