using BertSharp.Cli.Download;

namespace BertSharp.Cli.Tests.Download;

/// <summary>Where redirects may lead.</summary>
public sealed class HubClientTests
{
    [Theory]
    [InlineData("https://a/x/y", "https://b/z?k=1", "https://b/z?k=1")]
    [InlineData("https://a/x/y", "/z", "https://a/z")]
    [InlineData("http://a/x/y", "https://b/", "https://b/")]
    [InlineData("http://a/x/y", "http://b/", "http://b/")]
    public void A_redirect_is_followed(string place, string location, string next) =>
        Assert.Equal(next, HubClient.Follow(new Uri(place), new Uri(location, UriKind.RelativeOrAbsolute)).AbsoluteUri);

    [Theory]
    [InlineData("https://a/x/y", "http://a/z")]
    [InlineData("https://a/x/y", "file:///etc/passwd")]
    [InlineData("http://a/x/y", "ws://a/")]
    public void A_redirect_to_less_than_that_is_not(string place, string location) =>
        Assert.Contains(location, Assert.Throws<CliException>(() => HubClient.Follow(new Uri(place), new Uri(location))).Message, StringComparison.Ordinal);
}
