namespace BertSharp;

/// <summary>How a text file holds documents and sentences.</summary>
public enum TextLayout
{
    /// <summary>A sentence a line, an empty line between documents: the input of Google's <c>create_pretraining_data.py</c>.</summary>
    Sentences,

    /// <summary>
    /// Running text: an empty line ends a paragraph, two or more end a document; paragraphs are cut into sentences, which may
    /// run over several lines.
    /// </summary>
    Prose,
}
