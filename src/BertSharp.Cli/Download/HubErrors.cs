using System.Net;

namespace BertSharp.Cli.Download;

/// <summary>What the Hub means by an answer that is no success, and what to do about it.</summary>
internal static class HubErrors
{
    /// <summary>Whether the Hub knows no such model, or hides it: without a token both are 401.</summary>
    public static bool IsUnknownModel(HubAnswer answer) =>
        answer.ErrorCode is null or "RepoNotFound"
        && (answer.Status == HttpStatusCode.NotFound || (answer.Status == HttpStatusCode.Unauthorized && answer.ErrorMessage != "Invalid credentials in Authorization header"));

    /// <summary>The error for a model that is unknown under all its names.</summary>
    public static CliException UnknownModel(HubName name, HubSettings settings) => new(settings.Token is null
        ? $"{name.Name}: {settings.Address} has no such model, or does not show it without a token; check the name, or set HF_TOKEN"
        : $"{name.Name}: {settings.Address} has no such model that the token may read; check the name, and HF_TOKEN");

    /// <summary>The error for an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="name">The model.</param>
    /// <param name="file">The file that was asked for; null: the listing.</param>
    /// <param name="settings">Endpoint, token and clock.</param>
    public static Exception Of(HubAnswer answer, HubName name, string? file, HubSettings settings)
    {
        string status = $"{(int)answer.Status}{(answer.ErrorMessage is { } said ? $" ({said})" : "")}";
        if ((int)answer.Status is 408 or 429 or >= 500)
        {
            return new TransientException($"{answer.Host} answers {status}", answer.Wait(settings.Clock.GetUtcNow()));
        }

        return new CliException((file is null ? $"{name}: " : $"{name}: {file}: ") + (answer.Status, answer.ErrorCode) switch
        {
            (_, "RevisionNotFound") => $"{settings.Address} has the model, but no revision '{name.Revision}'; give a branch, a tag or a commit of it",
            (_, "GatedRepo") or (HttpStatusCode.Forbidden, _) when answer.IsEndpoint => $"{answer.Host} answers {status}: access is granted by the model's owner. Accept its licence at {settings.Address}/{name.Name}, and set HF_TOKEN to a token that may read it",
            (HttpStatusCode.Unauthorized, _) when answer.IsEndpoint => $"{answer.Host} answers {status}: {(settings.Token is null ? "set HF_TOKEN to a token that may read the model" : "the token was refused; set HF_TOKEN to a valid one")}",
            (HttpStatusCode.NotFound, _) => $"{answer.Host} answers {status}: it lists the file, but does not have it; try again, or another revision",
            _ => $"{answer.Host} answers {status}; expected 200. Is HF_ENDPOINT right?",
        });
    }
}
