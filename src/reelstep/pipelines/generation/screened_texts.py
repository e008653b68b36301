"""The texts of a film's request that are shown or spoken, by the names that callers know."""

from __future__ import annotations

from reelstep.pipelines.generation.request import GenerationRequest


def screened_texts(request: GenerationRequest) -> dict[str, str]:
    """Field → text, the prompt first. `metadata` is given back and never shown: left out."""
    texts = {"prompt": request.prompt}
    texts |= {f"includeElements[{i}]": text for i, text in enumerate(request.include_elements)}
    for i, scene in enumerate(request.scenes or ()):
        texts[f"scenes[{i}].description"] = scene.description
        texts[f"scenes[{i}].dialogue"] = scene.dialogue
        for j, element in enumerate(scene.visual_elements):
            texts[f"scenes[{i}].visualElements[{j}]"] = element
    return {field: text for field, text in texts.items() if text}
